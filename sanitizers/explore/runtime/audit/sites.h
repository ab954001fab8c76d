/* SPDX-License-Identifier: MIT */
/*
 * The instructions of the program that access memory which others might see: each is a breakpoint
 * until it has been held against what was announced.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_SITES_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_SITES_H

#include <stdbool.h>
#include <stdint.h>

enum site {
    SITE_IS = 1,      /* the instruction there is one */
    SITE_SET = 2,     /* the breakpoint stands */
    SITE_HOOKED = 4,  /* its function calls the compiler's hooks */
    SITE_PAIRED = 8,  /* a hook right before it can have announced it: once seen so, it is done */
    SITE_LOADED = 32, /* a plain read after an atomic load: clang loads once more, for nothing */
    SITE_FRAME = 16 /* it reaches its own function's frame, which others may know: set where threads
                        share their stacks, and the compiler's hooks leave such accesses out */
};

/* Once, before the snapshot; sets all of them. *skipped: functions that cannot be decoded, which
 * have none. False: the program's functions are not known. */
bool sites_make(uintptr_t bias, uintptr_t code, uintptr_t code_end, int *skipped);

/* Sets them once more, and those of SITE_FRAME. */
void sites_set_all(void);

int site_flags(uintptr_t pc); /* enum site; 0: none */
void site_set(uintptr_t pc);
void site_clear(uintptr_t pc);

#endif
