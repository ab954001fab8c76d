/* SPDX-License-Identifier: MIT */
/*
 * How a search is split: the ways that executions can begin, up to some number of steps. Who could have gone first at a
 * step, and did so in an earlier way, sleeps behind it, until something conflicts with what it would have done
 * (Godefroid, LNCS 1032): so each execution is equivalent to one that begins in one of these ways without
 * a sleeper's step first, or ends before. What they are depends on the program, and on how many are wanted, alone.
 */
#ifndef HAZARD_EXPLORE_SEARCH_SHARD_BEGINNINGS_H
#define HAZARD_EXPLORE_SEARCH_SHARD_BEGINNINGS_H

#include "explore/search/arena.h"
#include "explore/search/dpor/footprint.h"
#include "explore/search/search.h"

struct beginning {
    uint8_t *pairs;          /* actor and alternative, one pair a step */
    int length;              /* steps; the same for all */
    struct footprint *sleep; /* at its end, once its last step was made; else, before that step */
    int sleep_count, sleep_capacity;
    bool asked; /* its last step's other alternatives stand in the list */
    bool ended; /* no execution goes on behind it */
};

struct beginning_list {
    struct beginning *items;
    int count, capacity;
};

struct beginnings {
    struct arena *arena;
    struct beginning_list list, next; /* of so many steps, and of one more */
    int at;                           /* of the list: whose execution it is */
    int wanted;
    int made; /* executions */
    bool over;
};

struct beginnings beginnings_of(struct arena *arena, int wanted);

/* The beginning whose execution comes next; NULL: all are known. */
struct beginning *beginnings_next(struct beginnings *plan);

/* Within its last step there is a choice of n; that step was made. */
void beginnings_choice(struct beginnings *plan, int n);
void beginnings_step(struct beginnings *plan, const struct event *event);

/* It has come to its end, where those can move. */
void beginnings_arrived(struct beginnings *plan, const struct view *view);

/* Its execution is over; `arrived`: beginnings_arrived() was called. */
void beginnings_ended(struct beginnings *plan, bool arrived);

/* What all that came out comes to: two plans that are the same have the same. */
uint64_t beginnings_hash(const struct beginnings *plan);

#endif
