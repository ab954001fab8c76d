/* SPDX-License-Identifier: MIT */
/*
 * The order in which the systematic strategies take the enabled actors: first the one that moves
 * already, then the others from the lowest id up, last those that yield, round robin. The first of
 * them alone is the schedule without a preemption.
 */
#ifndef HAZARD_EXPLORE_SEARCH_ORDER_H
#define HAZARD_EXPLORE_SEARCH_ORDER_H

#include "explore/search/search.h"

static inline bool order_enabled(const struct view *view, int actor) {
    return actor >= 0 && actor < view->count && view->actors[actor].enabled;
}

/* Can a schedule that names it be followed? */
static inline bool order_followed(const struct view *view, int actor) {
    return actor < view->count && (view->actors[actor].enabled || view->actors[actor].awaits);
}

/* It moved last and could go on: to pick another is a preemption. */
static inline bool order_goes_on(const struct view *view) {
    return order_enabled(view, view->current) && !view->actors[view->current].yields;
}

/* Fills `actors` with the enabled ones; how many. */
static inline int order_actors(const struct view *view, uint8_t actors[OP_ACTORS]) {
    int count = 0;
    if (order_goes_on(view))
        actors[count++] = (uint8_t)view->current;
    for (int actor = 0; actor < view->count; actor++)
        if (actor != view->current && view->actors[actor].enabled && !view->actors[actor].yields)
            actors[count++] = (uint8_t)actor;
    for (int i = 1; i <= view->count; i++) {
        int actor = (view->current + i) % view->count; /* the current one comes last */
        if (view->actors[actor].enabled && view->actors[actor].yields)
            actors[count++] = (uint8_t)actor;
    }
    return count;
}

/* The one with which to go on if there is no reason for another. */
static inline int order_first(const struct view *view) {
    uint8_t actors[OP_ACTORS] = {0};
    order_actors(view, actors);
    return actors[0];
}

#endif
