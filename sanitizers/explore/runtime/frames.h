/* SPDX-License-Identifier: MIT */
/*
 * The calls that each thread is in. Each function of the program says when it begins and ends. Its beginning
 * adds a node to the stack depot and a frame here, which keeps the stack as it was before and how
 * deep the machine's stack is; its end restores. A function that is left by longjmp never says
 * that it ends: then the frames below the target's stack pointer are dropped, by longjmp itself,
 * which we take over, or at the next function entry that is not deeper than they are.
 *
 * An actor's frames lie in a stretch of memory of their own that has room for every frame that
 * fits into its stack (a frame takes 16 bytes at least, here as there).
 */
#ifndef HAZARD_EXPLORE_RUNTIME_FRAMES_H
#define HAZARD_EXPLORE_RUNTIME_FRAMES_H

#include <stdint.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/places.h"

struct frames_entry {
    uintptr_t sp;
    uint32_t stack; /* before the call */
    uint32_t depth; /* in [0]: how many there are */
};
_Static_assert(FRAMES_SIZE >= STACK_SPACE, "room for every frame of a stack");

void frames_begin(int actor); /* it is in none */

static inline struct frames_entry *frames_of(int actor) {
    return (struct frames_entry *)(FRAMES_ADDRESS + (uintptr_t)actor * FRAMES_SIZE);
}

/* The frames at or below that stack pointer have been left. */
static inline void frames_drop_below(struct frames_entry *frames, uintptr_t sp) {
    while (frames->depth > 0 && frames[frames->depth].sp <= sp)
        self->stack = frames[frames->depth--].stack;
}

#endif
