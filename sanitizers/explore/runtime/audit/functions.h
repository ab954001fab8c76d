/* SPDX-License-Identifier: MIT */
/* The functions of the program and the hooks that it calls, as its symbol table names them. */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_FUNCTIONS_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_FUNCTIONS_H

#include <stdbool.h>
#include <stdint.h>

struct function {
    uintptr_t start, end;
};

struct functions {
    struct function *own; /* the program's */
    int count;
    uintptr_t *hooks; /* where those begin that announce one access: __tsan_read4... */
    int hook_count;
    uintptr_t *loads; /* ... and those of atomic loads */
    int load_count;
};

/* Is it code of the runtime? */
bool functions_is_ours(uintptr_t address);

/* Read from the program's file, once, before the snapshot. False: it cannot be read, or has no
 * symbols. The arrays last. */
bool functions_read(uintptr_t bias, struct functions *functions);

/* Those of the program whose names begin so, but for the two that stand for a beginning and an end; how many. The
 * array lasts. */
int functions_named(uintptr_t bias, const char *prefix, struct function **named);

#endif
