/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_WAKEUP_H
#define HAZARD_EXPLORE_SEARCH_DPOR_WAKEUP_H

#include "explore/search/dpor/branch.h"

/* The event that is to happen earlier: one of the trace, or one that its actor did not come to. */
struct late {
    int32_t index;              /* in the trace; its length: not executed */
    const struct op *op;        /* as it came out, or is pending */
    struct footprint footprint; /* what it may come out as */
    int32_t previous;           /* the actor's event before it */
    int32_t enabled_by;
    int32_t all_before;         /* latest event before it that conflicts with everything */
    int32_t top[OP_ACCESSES];   /* latest access to each of its objects before it */
    int32_t state[OP_ACCESSES]; /* of each object before it, for its guards */
    bool state_known[OP_ACCESSES];
    bool enabled; /* it was, where it stands */
};

/*
 * Adds to the wakeup tree at the first of `roots` that execution in which all that comes after the
 * roots is left out, and `late` comes without them. If it is covered by what is there already,
 * returns NULL, and tells in `unsettled` if that rests on what comes after `late`.
 */
struct node *wakeup_insert(struct branch *branch, const struct late *late, int root_count,
                           bool *unsettled);

#endif
