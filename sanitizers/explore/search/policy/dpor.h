/* SPDX-License-Identifier: MIT */
/* Optimal DPOR: what its files share. The theory of operation is in dpor.c. */
#ifndef HAZARD_EXPLORE_DPOR_H
#define HAZARD_EXPLORE_DPOR_H

#include "explore/search/path/dpor_trace.h"
#include "explore/search/path/dpor_tree.h"
#include "explore/search/search.h"

/* What this step leads to is explored elsewhere: it is asleep on the path at depths beyond
 * `since`, up to the event `woken_by`, which conflicts with it (NONE: not yet). */
struct sleeper {
    struct footprint step;
    int32_t since, woken_by;
};

/* A depth of the path, and the step that leads there: prescribed, or made by the last execution. */
struct waypoint {
    struct node *node;
    uint64_t id; /* of the node, to tell whether it was freed meanwhile */
    uint8_t actor, alternative;
};

struct worker {
    struct tree *tree;
    struct arena *own;
    struct trace trace;

    /* The branch at hand. Depths up to `executed` have been executed before, up to `known` are
     * prescribed, up to `valid` have nodes. The first `kept` events of the trace are those of the
     * last execution. */
    struct waypoint *path;
    int path_capacity;
    int executed, known, valid, kept;
    int32_t reversal;

    int made;               /* steps of the execution at hand */
    struct footprint asked; /* the operation of the actor that was picked */
    bool diverged;
    bool could_go[OP_ACTORS]; /* enabled before the latest event that conflicts with everything */

    struct sleeper *sleepers; /* the first `asleep_count` still are */
    int sleeper_count, sleeper_capacity, asleep_count;
    uint16_t asleep[OP_ACTORS]; /* how many of its sleepers are */

    /* Room to work in. */
    struct footprint *sleep;
    int sleep_capacity;
    int32_t *items, *roots, *candidates;
    int item_capacity, root_capacity, candidate_capacity;
};

/* Sees to it that the path has nodes down to `depth`. */
struct node *worker_node(struct worker *worker, int depth);
/* The sleep set at that depth of the path. */
const struct footprint *worker_sleep(struct worker *worker, int depth, int *count);

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

/* Reverses all races of the executed part of the path that this execution is the first to show, and
 * those with operations that were not executed. */
void races_reverse(struct worker *worker, const struct view *view);

/*
 * Adds to the wakeup tree at the first of `roots` that execution in which all that comes after the
 * roots is left out, and `late` comes without them. If it is covered by what is there already,
 * returns NULL, and tells in `unsettled` if that rests on what comes after `late`.
 */
struct node *wakeup_insert(struct worker *worker, const struct late *late, int root_count,
                           bool *unsettled);

#endif
