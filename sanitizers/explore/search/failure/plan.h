/* SPDX-License-Identifier: MIT */
/* A schedule that can be edited, and its segments. */
#ifndef HAZARD_EXPLORE_SEARCH_FAILURE_PLAN_H
#define HAZARD_EXPLORE_SEARCH_FAILURE_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/search/arena.h"

struct item {
    uint8_t actor;
    uint8_t alternative;
    bool goes_on; /* not one step, but as many as it can make */
};

struct plan {
    struct arena *arena;
    struct item *items;
    int length, capacity;
};

struct plan plan_of(struct arena *arena);
void plan_add(struct plan *plan, struct item item);

/* Maximal runs of one actor: how many, and where they begin. `starts` has one more: the length. */
struct segments {
    struct arena *arena;
    int *starts;
    int count, capacity;
};

void plan_segments(struct segments *segments, const struct plan *plan);

#endif
