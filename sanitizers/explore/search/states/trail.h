/* SPDX-License-Identifier: MIT */
/*
 * Trails: each a way from the first state to one whose steps are being taken, and what is left to take along it.
 * A part of one can be given away: it becomes another. They lie in memory that all workers share, and are touched
 * with it locked, but for the trail that a worker has taken.
 */
#ifndef HAZARD_EXPLORE_SEARCH_STATES_TRAIL_H
#define HAZARD_EXPLORE_SEARCH_STATES_TRAIL_H

#include "explore/search/arena.h"
#include "explore/search/search.h"

struct trail_node {
    uint32_t state;
    uint32_t actors; /* where the pool has those that could move, in the order in which they do */
    uint16_t count, taken; /* how many, and which one of them is at it */
    uint8_t alternative;   /* of its step */
    uint8_t alternatives;  /* 0: not yet asked */
    bool free;             /* the alternative is something that happens for nothing */
    bool assumed;          /* an assumption does not hold: what comes then does not count */
    bool value;            /* it is a value that the program asked for */
};

struct trail {
    struct trail *next;
    struct trail_node *path; /* a node for each state on the way */
    int length, capacity;
    int base; /* what is left at the nodes before it is left to others */
    int root; /* where it begins: states.h */
    uint8_t *pool;
    int pool_length, pool_capacity;
    uint32_t by; /* the worker who has gone it last; 0: nobody has */
    bool taken;  /* some worker goes on with it */
};

struct trail *trail_new(struct arena *arena);
void trail_free(struct arena *arena, struct trail *trail);

static inline struct trail_node *trail_top(const struct trail *trail) {
    return &trail->path[trail->length - 1];
}

/* Who makes that step. */
static inline uint8_t trail_actor(const struct trail *trail, const struct trail_node *node) {
    return trail->pool[node->actors + node->taken];
}

/* One state further, where those can move. */
void trail_push(struct arena *arena, struct trail *trail, uint32_t state, const uint8_t *actors,
                int count);

/* On to the next step of the deepest node that has one left. False: there is none. */
bool trail_advance(struct trail *trail);

/* The first half of what is left to take becomes another trail; NULL: there is nothing
 * before the step at hand. */
struct trail *trail_split(struct arena *arena, struct trail *trail);

#endif
