/* SPDX-License-Identifier: MIT */
/* The program's own functions, as its symbol table names them; the runtime's are left out. */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_FUNCTIONS_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_FUNCTIONS_H

#include <stdint.h>

struct function {
    uintptr_t start, end;
};

/* Read from the program's file, once, before the snapshot. -1: it cannot be read, or has no symbols.
 * `functions` lasts. */
int functions_read(uintptr_t bias, struct function **functions);

#endif
