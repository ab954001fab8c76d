/* SPDX-License-Identifier: MIT */
/*
 * A reversal as a sequence of steps, v = notdep(e).late (wakeup.c), and which steps are its weak
 * initials.
 */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_SEQUENCE_H
#define HAZARD_EXPLORE_SEARCH_DPOR_SEQUENCE_H

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

/* v, as far as it has been looked at. Items are indices in the trace. */
struct sequence {
    struct branch *branch;
    const struct trace *trace;
    const struct late *late;
    struct branch_item *items;
    int root_count;
    int first; /* the earliest root: v starts from the prefix before it */
    int count;
    int from;    /* all items before this one were taken out */
    int late_at; /* where `late` is among the items; NONE: not yet there */
    int next;    /* the next event to consider */
    int needed;  /* so many items are necessary */
    /* Who the items before `late` are by, and a bit for each object (hashed), by modes. */
    uint64_t actors[OP_ACTORS / 64], objects[MODE_ALL];
    bool looked_on; /* some answer rests on what comes after `late`, or that nothing does */
    bool guessed;   /* some answer rests on what a step may come out as */
};

enum match {
    NO_INITIAL,
    FIRST, /* it could come first in v */
    APART  /* it has no part in v and commutes with all of it */
};

/* Is the step a weak initial of v? *at is its place in v. */
enum match sequence_match(struct sequence *v, const struct footprint *step, int *at);

/* One more item; false: there are no more. */
bool sequence_extend(struct sequence *v);

void sequence_take_out(struct sequence *v, int at);

/* The alternative of the item's step; OP_ANY: it is open. */
int sequence_alternative(const struct sequence *v, int at);

#endif
