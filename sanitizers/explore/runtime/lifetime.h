/* SPDX-License-Identifier: MIT */
/*
 * The lifetime of what lies on the stacks. A frame ends with its function, a stack with its thread; what
 * is used later, or may be under another schedule, is used after its end.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_LIFETIME_H
#define HAZARD_EXPLORE_RUNTIME_LIFETIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/op.h"
#include "explore/shared/addresses.h"

static inline bool lifetime_has(uintptr_t address) { /* on a stack of ours? */
    return address - STACK_ADDRESS < STACK_SPACE * OP_ACTORS;
}

/* Reports an access to a frame or a stack that has ended, or may have (found(), no return). */
void lifetime_check(uintptr_t address, size_t size, bool write, uintptr_t pc);

/* The calling thread has made its last access. */
void lifetime_end(uintptr_t pc);

/* Do threads access each other's stacks, in a program whose compiler does not announce all that functions
 * do to their own frames? */
bool lifetime_stacks_are_shared(void);

#endif
