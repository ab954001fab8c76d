/* SPDX-License-Identifier: MIT */
/*
 * Atomic blocks (hazard_atomic, __VERIFIER_atomic_*): what a thread does in one is one step. A block is
 * ordered with every other block, as if each held one lock; an access in it and one outside of any are ordered by
 * nothing, and may race.
 *
 * As long as a block does nothing that others can see but to keep other blocks away, that is all that the step
 * conflicts with; once one is seen to do more, all blocks conflict with everything, and the search begins anew.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_UNDIVIDED_H
#define HAZARD_EXPLORE_RUNTIME_UNDIVIDED_H

#include <stdint.h>

#include "explore/runtime/fiber.h"

void undivided_begin(uintptr_t pc);
void undivided_end(void); /* the calling thread is in one */

/* Functions whose names say that they are atomic as a whole: how many there are. */
extern INTERNAL int undivided_functions;
void undivided_find(uintptr_t bias); /* once, before the snapshot */

/* The function at `pc` begins, as that frame; the one of a block ends. */
void undivided_enter(uintptr_t pc, uint32_t frame);
void undivided_leave(void);

#endif
