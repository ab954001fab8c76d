/* SPDX-License-Identifier: MIT */
/*
 * One call at hand, between the stub that took it and the function that it is for.
 */
#ifndef HAZARD_EXPLORE_CALLS_VISIT_H
#define HAZARD_EXPLORE_CALLS_VISIT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "explore/op.h"
#include "explore/runtime/calls/spec.h"

enum { CALLS = 1024 }; /* stubs: functions that one program can import; as in trampoline.S */

/* What the stub saves: see trampoline.S. The registers lie as va_arg expects them to. */
struct call_frame {
    uint64_t argument[SPEC_ARGUMENTS]; /* rdi, rsi, rdx, rcx, r8, r9 */
    uint8_t vector[8][16];             /* xmm0-7 */
    uint64_t rax, r10;
    uint64_t index; /* of the stub */
    uint64_t return_to;
    uint64_t stack[]; /* further arguments */
};

/* A function that the program imports. */
struct call {
    const char *name;
    uintptr_t real;
    bool unknown; /* not in the table */
    struct spec spec;
};

/* patch.c */
extern struct call calls[CALLS];
bool is_program(uintptr_t pc); /* code of the program (or of the runtime), not of a library */

struct visit {
    const struct call *call;
    struct call_frame *frame;
    uintptr_t pc; /* the caller's */
    const uint64_t *argument;
    struct op op;       /* what the search is told; no accesses: nothing */
    const void *object; /* for people: what the operation works on */
    bool after;         /* the function has returned, with: */
    uint64_t result;
    void (*act)(struct visit *); /* once the search has let it happen; may set what follows */
    bool skip;                   /* the function itself is not called; `result` is its answer */
};

/* visit.c: one more object of the operation; more than an operation holds become everything. */
void visit_touch(struct visit *visit, uint64_t object, enum mode mode, const void *address);
void visit_all(struct visit *visit);

/* The same answer without the call. */
void visit_skip(struct visit *visit, int64_t result);

/* hidden.c */
void visit_hidden(struct visit *visit, enum hidden hidden, bool write);
void public_variables_find(void); /* the library's, where programs see them: once, before main */

/* effect.c: what the table says of the caller's memory. */
void effect_apply(struct visit *visit, const struct effect *effect);

/* How much of a string, bounded: its bytes or elements, with its end if that lies within the
 * bound. */
uint64_t string_size(uintptr_t string, uint64_t bound);
uint64_t wide_string_size(uintptr_t string, uint64_t bound);

/* The kernel will write there: each page is written to by us first, as the kernel would not wait
 * for a page that is protected until its first write (see rewind.c). */
void touch_for_kernel(uintptr_t address, uint64_t size);

/* format.c */
void format_printf(struct visit *visit);                   /* before */
void format_scanf(struct visit *visit, va_list list);      /* after */
void format_list(const struct visit *visit, va_list list); /* the arguments after the format */

/* stream.c */
void stream_use(struct visit *visit); /* the FILE that the table names */
void output_use(
    struct visit *visit); /* something is printed: an operation only if its order counts */

/* descriptor.c. They refuse what can neither be read again nor rewound. */
void input_check(struct visit *visit); /* standard input */
void file_check(struct visit *visit, int folder, const char *path, bool writes); /* to be opened */
void descriptor_check(struct visit *visit, int descriptor);
bool descriptor_is_null(int descriptor); /* /dev/null: takes everything and keeps nothing */
void descriptor_use(struct visit *visit, int descriptor, bool moves); /* `moves`: its offset */
void descriptors_find(void); /* those that are open before main */

/* checks: see CHECKS in table.h */
#define X(name) void call_check_##name(struct visit *visit);
CHECKS(X)
#undef X

/* Ends the search: explore cannot take this. */
_Noreturn void visit_refuse(const struct visit *visit, const char *reason);

#endif
