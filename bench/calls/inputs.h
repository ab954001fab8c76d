/* SPDX-License-Identifier: MIT */
/*
 * The inputs that each library function is measured with, in files by subject as the tables are.
 *
 *   EACH("strlen wcslen", "empty") AS(size_t, (const void *))(text(""));
 *
 * Each of the named functions is called with that input, each in a process of its own. All memory that a
 * call is given must come from here: what lies around it is watched.
 */
#ifndef HAZARD_BENCH_CALLS_INPUTS_H
#define HAZARD_BENCH_CALLS_INPUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

/* The function to be called; it must be called once. */
#define AS(result, parameters)                                                                     \
    (inputs_result = INPUTS_RESULT(result), (result(*) parameters)inputs_subject)
#define EACH(names, what) for (const char *rest = (names); inputs_next(&rest, (what));)

extern void (*const inputs_subject)(void);

/* Bytes of its result, in rax; 0: none; IN_VECTOR, IN_X87: it is a floating-point number. */
enum { IN_VECTOR = 64, IN_X87 };
#define IS(a, b) __builtin_types_compatible_p(a, b)
#define INPUTS_RESULT(type)                                                                        \
    (IS(type, void)                                               ? 0                              \
     : IS(type, double) || IS(type, float) || IS(type, _Float128) ? IN_VECTOR                      \
     : IS(type, long double)                                      ? IN_X87                         \
                                                                  : (int)sizeof(type))
extern int inputs_result;
extern bool inputs_stepped; /* it looks at its return address, and is always stepped */
bool inputs_next(const char **names, const char *what);

/* Memory that other threads can reach: zeroed, or a copy; aligned to 16 bytes. */
void *space(size_t size);
void *filled(size_t size); /* with the letter x, no zero */
char *text(const char *words);
wchar_t *wide(const wchar_t *words);
void *copy(const void *from, size_t size);
#define COPY(type, ...) copy(&(type)__VA_ARGS__, sizeof(type))

/* A scratch file with that in it, and its name; gone with the process. */
const char *file_with(const char *content);

void inputs_strings(void);
void inputs_wide(void);
void inputs_stdlib(void);
void inputs_stdio(void);
void inputs_time(void);
void inputs_unix(void);
void inputs_system(void);
void inputs_math(void);
void inputs_modelled(void);

#endif
