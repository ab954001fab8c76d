/* SPDX-License-Identifier: MIT */
/*
 * How a search is split: all ways that executions can begin, up to some number of steps. Nothing is left out as
 * equivalent, so each execution begins in one of these ways, or ends before. What they are depends on
 * the program, and on how many are wanted, alone.
 */
#ifndef HAZARD_EXPLORE_SEARCH_SHARD_BEGINNINGS_H
#define HAZARD_EXPLORE_SEARCH_SHARD_BEGINNINGS_H

#include "explore/search/arena.h"
#include "explore/search/search.h"

struct beginning {
    uint8_t *pairs; /* actor and alternative, one pair a step */
    int length;     /* steps; the same for all */
    bool asked;     /* its last step's other alternatives stand in the list */
    bool ended;     /* no execution goes on behind it */
};

struct beginning_list {
    struct beginning *items;
    int count, capacity;
};

struct beginnings {
    struct arena *arena;
    struct beginning_list list, next; /* of so many steps, and of one more */
    int at;                     /* of the list: whose execution it is */
    int wanted;
    int made; /* executions */
    bool over;
};

struct beginnings beginnings_of(struct arena *arena, int wanted);

/* The beginning whose execution comes next; NULL: all are known. */
struct beginning *beginnings_next(struct beginnings *plan);

/* Within its last step there is a choice of n. */
void beginnings_choice(struct beginnings *plan, int n);

/* It has come to its end, where those can move. */
void beginnings_arrived(struct beginnings *plan, const struct view *view);

/* Its execution is over; `arrived`: beginnings_arrived() was called. */
void beginnings_ended(struct beginnings *plan, bool arrived);

/* What all that came out comes to: two plans that are the same have the same. */
uint64_t beginnings_hash(const struct beginnings *plan);

#endif
