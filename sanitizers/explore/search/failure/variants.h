/* SPDX-License-Identifier: MIT */
/* A schedule that can be edited, and the variants of one that might need fewer context switches. */
#ifndef HAZARD_EXPLORE_SEARCH_FAILURE_VARIANTS_H
#define HAZARD_EXPLORE_SEARCH_FAILURE_VARIANTS_H

#include "explore/search/search.h"

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

void segments_find(struct segments *segments, const struct plan *plan);

/* The kinds of variant; see variants.c. Those that change much come first. */
enum variant {
    VARIANT_GROUP,
    VARIANT_DROP,
    VARIANT_EXTEND,
    VARIANT_JOIN,
    VARIANT_DELAY,
    VARIANT_PLAIN,
    VARIANT_COUNT
};

/* Builds in `made` the variant of `old` at segments at ... at+size-1 (PLAIN: at item `at`). */
void plan_vary(const struct plan *old, const struct segments *segments, enum variant variant,
               int at, int size, struct plan *made);

#endif
