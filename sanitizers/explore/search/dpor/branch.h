/* SPDX-License-Identifier: MIT */
/*
 * What one worker has at hand: a branch of the tree, the execution that follows it, and who is
 * asleep on the way.
 */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_BRANCH_H
#define HAZARD_EXPLORE_SEARCH_DPOR_BRANCH_H

#include "explore/search/dpor/trace.h"
#include "explore/search/dpor/tree.h"

/* What this step leads to is explored elsewhere: it is asleep on the path at depths beyond
 * `since`, up to the event `woken_by`, which conflicts with it (NONE: not yet). */
struct branch_sleeper {
    struct footprint step;
    int32_t since, woken_by;
};

/* A depth of the path, and the step that leads there: prescribed, or made by the last execution. */
struct path_node {
    struct node *node;
    uint64_t id; /* of the node, to tell whether it was freed meanwhile */
    uint8_t actor, alternative;
};

/* One of a sequence that is made of the trace: wakeup.c. */
struct branch_item {
    const struct footprint *step; /* NULL: it was taken out */
    int32_t event;
};

struct branch {
    struct tree *tree;
    struct arena *own;
    struct trace trace;

    /* The branch at hand. Depths up to `executed` have been executed before, up to `known` are
     * prescribed, up to `valid` have nodes; of those up to `final` it is known that all earlier
     * siblings are done. The first `kept` events of the trace are those of the
     * last execution. */
    struct path_node *path;
    int path_capacity;
    int executed, known, valid, final, kept;
    int32_t reversal;

    int made;               /* steps of the execution at hand */
    struct footprint asked; /* the operation of the actor that was picked */
    bool diverged;
    bool could_go[OP_ACTORS]; /* enabled before the latest event that conflicts with everything */

    struct branch_sleeper *sleepers; /* the first `asleep_count` still are */
    int sleeper_count, sleeper_capacity, asleep_count;
    uint16_t asleep[OP_ACTORS]; /* how many of its sleepers are */

    /* Room to work in. */
    struct footprint *sleep; /* the sleep set at sleep_depth */
    int sleep_capacity, sleep_depth, sleep_count;
    struct branch_item *items;
    int32_t *roots, *candidates;
    int item_capacity, root_capacity, candidate_capacity;
};

struct branch *branch_new(struct tree *tree, struct arena *own);

/* On to the branch that ends in `leaf`, with what is asleep there. */
void branch_take(struct branch *branch, struct node *leaf);

/* Room on the path down to `depth`. */
void branch_reserve(struct branch *branch, int depth);

/* Event `index` of the execution has made that step: those that conflict with it wake up. */
void branch_wake(struct branch *branch, const struct footprint *step, int index);

/* The node's step has been executed: it is known how it came out, and what is asleep behind it. */
void branch_note(struct branch *branch, struct node *node);

/* The node at that depth of the path; those that are missing down to it are made. */
struct node *branch_node(struct branch *branch, int depth);

/* Is everything done that is asleep at that depth of the path? */
bool branch_is_final(struct branch *branch, int depth);

/* The sleep set at that depth of the path; once the execution has ended. */
const struct footprint *branch_sleep(struct branch *branch, int depth, int *count);

#endif
