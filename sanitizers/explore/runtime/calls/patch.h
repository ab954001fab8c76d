/* SPDX-License-Identifier: MIT */
/* The stubs, and the program's tables that lead to them. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_PATCH_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_PATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/runtime/calls/visit.h"

extern struct call patch_calls[CALLS];

/* Puts the stubs into the program's table. Before main; again it does nothing. */
void patch_program(void);

/* Does the table say what that function of libc does to memory, all of it? */
bool patch_tells(const char *name);

/* The stub of that function, made if there is none. */
uintptr_t patch_stub(const char *name, uintptr_t real);

bool patch_is_program(uintptr_t pc); /* code of the program (or of the runtime), not of a library */

#endif
