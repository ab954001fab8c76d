/* SPDX-License-Identifier: MIT */
/*
 * The tree of what has been tried and what is to be tried, shared by all workers. A node is a
 * prefix of executions; the way to it from its parent is one step. Everything here is called with
 * the shared arena locked.
 */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_TREE_H
#define HAZARD_EXPLORE_SEARCH_DPOR_TREE_H

#include "explore/search/arena.h"
#include "explore/search/dpor/footprint.h"

enum node_state {
    NODE_PENDING, /* to be tried: part of a wakeup tree */
    NODE_ACTIVE,  /* tried, or being tried; what is below may be pending */
    NODE_DONE /* all below it was tried; kept, without what is below, for the sake of siblings */
};

struct node {
    struct node *parent, *first, *last, *next; /* children in the order of their ranks */
    struct node *next_again;                   /* in the list of those given back */
    struct footprint *sleep;                   /* the sleep set; once it has been executed */
    struct footprint step;                     /* of the step that leads here */
    uint64_t id;                               /* no other node ever has it */
    int32_t depth;                             /* steps from the root */
    int32_t open;     /* children that are not done, and executions that started from here */
    int32_t rank;     /* among siblings: who counts as explored before whom */
    int32_t ranks;    /* the next child's */
    int32_t children; /* done ones, too */
    int32_t reversal; /* index of the event for whose sake it was added; NONE: not known */
    uint16_t sleep_count;
    uint8_t alternative;  /* of the step; OP_ANY: the first, and the others are to be added */
    uint8_t alternatives; /* how many there are; once it has been executed */
    uint8_t state;        /* enum node_state */
    bool executed;        /* some execution has made the step */
    bool unsettled;       /* as in struct record */
};

struct tree {
    struct arena *arena;
    struct node *root;
    uint64_t ids;
    int64_t taken;       /* branches handed out */
    int64_t looks;       /* ... to look around */
    int64_t ended;       /* executions that ended */
    int running;         /* executions that have not ended */
    bool part;           /* who sleeps at the root was explored by another search */
    struct node *leader; /* the leaf taken first in order while no other execution was running */
    struct node *cursor; /* no branch comes before it in order; or NULL */
    struct node *again;  /* a list of branches that were given back */
    struct node *chase;  /* the pending node to get to as soon as possible */
    uint64_t chase_id;   /* ... if it still has this id */
};

struct tree *tree_new(struct arena *arena);

/* A new last child, pending, with the next rank. */
struct node *tree_add(struct tree *tree, struct node *parent, const struct footprint *step,
                      int alternative);
/* The sibling for another alternative of the node's step: a new one, pending, with the same rank,
 * unless there is one. */
struct node *tree_alternative(struct tree *tree, struct node *node, const struct footprint *step,
                              int alternative);

/* Takes a branch: the leaf from which the execution is free; NULL: there is none just now. */
struct node *tree_take(struct tree *tree);
/* Gives the leaf back: nobody has executed it. */
void tree_give_back(struct tree *tree, struct node *leaf);
/* The execution that started from `leaf` is over; `last` is the deepest node on its path.
 * Returns the deepest one that still exists. */
struct node *tree_end(struct tree *tree, struct node *leaf, struct node *last);

/* Are all siblings of smaller rank done? */
bool tree_earlier_done(const struct node *node);

/* Makes for the pending node next. */
void tree_chase(struct tree *tree, struct node *node);

/* Is the search still young, and better off looking around than saving memory? */
bool tree_looks_around(const struct tree *tree);

/* A guess of the executions left; < 0: unknown. */
double tree_left(struct tree *tree);

#endif
