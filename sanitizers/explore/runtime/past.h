/* SPDX-License-Identifier: MIT */
/*
 * What the race detector remembers, counted for the fingerprint of a state: the accesses of each actor, by its
 * time. Only where states are told apart (clocks->watched).
 */
#ifndef HAZARD_EXPLORE_RUNTIME_PAST_H
#define HAZARD_EXPLORE_RUNTIME_PAST_H

#include "explore/runtime/clocks.h"

enum {
    PAGE_SHIFT = 12,
    PAGE_GRANULES = 512,
    SIZE_MANY = 1023, /* of an access: so many bytes or more */
    SIZE_FREE = 0     /* ... it was a free() */
};

/* An access in the past (or at hand). One with `clock` below clocks->base is none. */
struct past {
    uint64_t pc : 48, bytes : 8, actor : 8; /* `bytes`: one bit per byte of the granule */
    uint32_t clock;                         /* the actor's time */
    uint32_t stack : 20, write : 1, atomic : 1, size : 10;
};

/* The cell of that granule holds an access from now on, or no longer. */
void past_remember(const struct past *access, uintptr_t granule);
void past_drop(const struct past *access, uintptr_t granule);

/* The calling thread has made that block of the heap; it accesses one that another has made. */
void past_made(uintptr_t block);
void past_shares(uintptr_t block);

/* The calling thread accesses the stack of another. */
void past_shares_stack(void);

/* An actor begins, or its time goes on. */
void past_begin(int actor);
void past_tick(int actor);

#endif
