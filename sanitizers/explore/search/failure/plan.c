/* SPDX-License-Identifier: MIT */
#include "explore/search/failure/plan.h"

#include <string.h>

enum { PLAN_FIRST = 256 }; /* items that the first array has room for */

/* Twice the room for `size` bytes an element; returns the new array. */
static void *grow(struct arena *arena, void *old, int *capacity, size_t size) {
    int wanted = *capacity ? 2 * *capacity : PLAN_FIRST;
    void *grown = arena_new(arena, (size_t)wanted * size);
    if (old) {
        memcpy(grown, old, (size_t)*capacity * size);
        arena_free(arena, old, (size_t)*capacity * size);
    }
    *capacity = wanted;
    return grown;
}

struct plan plan_of(struct arena *arena) {
    return (struct plan){.arena = arena};
}

void plan_add(struct plan *plan, struct item item) {
    if (plan->length == plan->capacity)
        plan->items = grow(plan->arena, plan->items, &plan->capacity, sizeof *plan->items);
    plan->items[plan->length++] = item;
}

static void add_start(struct segments *segments, int start) {
    if (segments->count == segments->capacity)
        segments->starts =
            grow(segments->arena, segments->starts, &segments->capacity, sizeof *segments->starts);
    segments->starts[segments->count++] = start;
}

void plan_segments(struct segments *segments, const struct plan *plan) {
    const struct item *items = plan->items;
    segments->count = 0;
    for (int i = 0; i < plan->length; i++)
        if (i == 0 || items[i].actor != items[i - 1].actor)
            add_start(segments, i);
    add_start(segments, plan->length);
    segments->count--;
}
