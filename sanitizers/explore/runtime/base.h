/* SPDX-License-Identifier: MIT */
/*
 * What every file of the runtime includes first.
 *
 * The runtime shares one image with the program under test, whose calls of memcpy, malloc,
 * pthread_mutex_lock... it takes over. It must never call those itself: the compiler's own calls go
 * to rt_memcpy and its like (base.c), and the few libc functions that are needed come through real.h.
 * Whatever is not marked EXPORT is hidden.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_BASE_H
#define HAZARD_EXPLORE_RUNTIME_BASE_H

#include "explore/runtime/hooked.h"

#define HOOKED_PRAGMA(words) _Pragma(#words)
#define HOOKED_RENAME(name, arguments) HOOKED_PRAGMA(redefine_extname name hooked_##name)
HOOKED(HOOKED_RENAME)

#include <stddef.h>
#include <stdint.h>
#include <string.h>

__asm__(".set memcpy, rt_memcpy\n.set memmove, rt_memmove\n.set memset, rt_memset\n"
        ".set memcmp, rt_memcmp\n.set strlen, rt_strlen\n.set strcmp, rt_strcmp\n");

#define EXPORT __attribute__((visibility("default")))
/* Of variables that many files use: reached directly, not through the global offset table. */
#define INTERNAL __attribute__((visibility("hidden")))
/* Of static variables that decide what the program's threads do next: compared when a state seems to
 * recur (recur.c), as the program's own are. The runtime's others are not. */
#define COMPARED __attribute__((section("hazard_state")))
#define CALLER() ((uintptr_t)__builtin_return_address(0))

void *rt_memcpy(void *to, const void *from, size_t size);
void *rt_memmove(void *to, const void *from, size_t size);
void *rt_memset(void *to, int byte, size_t size);
int rt_memcmp(const void *a, const void *b, size_t size);
size_t rt_strlen(const char *text);
int rt_strcmp(const char *a, const char *b);

#endif
