/* SPDX-License-Identifier: MIT */
/*
 * The calls that each thread is in. Each function of the program says when it begins and ends. Its beginning
 * adds a node to the stack depot and a frame here, which keeps the stack as it was before and how
 * deep the machine's stack is; its end restores. A function that is left by longjmp never says
 * that it ends: then the frames below the target's stack pointer are dropped, by longjmp itself,
 * which we take over, or at the next function entry that is not deeper than they are.
 *
 * A return is remembered by its depth, until the next one to there: when it was, and what it left.
 *
 * An actor's frames lie in a stretch of memory of their own that has room for every frame that
 * fits into its stack (a frame takes 16 bytes at least, here 32).
 */
#ifndef HAZARD_EXPLORE_RUNTIME_FRAMES_H
#define HAZARD_EXPLORE_RUNTIME_FRAMES_H

#include <stdint.h>

#include "explore/runtime/clocks.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/places.h"

struct frames_entry {
    uintptr_t sp;
    uintptr_t top; /* it lies below that: where its return address is; in [0]: the deepest frame
                           that was left since checkpoint.c looked */
    uintptr_t left_top; /* likewise, of the frame here that was left last... */
    uint32_t stack;     /* before the call */
    union {
        uint32_t left;  /* ... and when: the actor's time */
        uint32_t depth; /* in [0]: how many there are */
    };
};
_Static_assert(FRAMES_SIZE / sizeof(struct frames_entry) >= 2 * STACK_SIZE / 16,
               "room for every frame of a stack");

void frames_begin(int actor); /* it is in none */

static inline struct frames_entry *frames_of(int actor) {
    return (struct frames_entry *)(FRAMES_ADDRESS + (uintptr_t)actor * FRAMES_SIZE +
                                   actor_colour(actor));
}

/* Where the stack pointer of the frame's function was when that began. */
static inline uintptr_t frames_low(const struct frames_entry *frame) {
    return frame->sp + 2 * sizeof(void *);
}

/* The innermost frame has been left. */
static inline void frames_leave(struct frames_entry *frames) {
    if (frames->top < frames->depth)
        frames->top = frames->depth;
    struct frames_entry *frame = &frames[frames->depth--];
    self->stack = frame->stack;
    frame->left_top = frame->top;
    frame->left = clock_of(self->id);
}

/* The frames at or below that stack pointer have been left. */
static inline void frames_drop_below(struct frames_entry *frames, uintptr_t sp) {
    while (frames->depth > 0 && frames[frames->depth].sp <= sp)
        frames_leave(frames);
}

/* Where a frame above that one has its return address, if not right there. */
uintptr_t frames_find_top(const struct frames_entry *caller, uintptr_t sp, uintptr_t pc);

/* The return address of a frame whose function began with that stack pointer: next to its caller's,
 * unless the caller's has moved on since that began. */
static inline uintptr_t frames_top(const struct frames_entry *caller, uintptr_t sp, uintptr_t pc) {
    const uintptr_t *expected = (const uintptr_t *)frames_low(caller) - 1;
    return *expected == pc ? (uintptr_t)expected : frames_find_top(caller, sp, pc);
}

#endif
