/* SPDX-License-Identifier: MIT */
#include "inject/copy/waypoints.h"

#include "base/memory.h"

/* The count of a pc that may repeat: it is no waypoint. */
#define REPEATS UINT64_MAX

struct waypoint_hits {
    uint64_t pc, count;
};

struct waypoints *waypoints_new(void *owner) {
    struct waypoints *waypoints = never_null(talloc_zero(owner, struct waypoints));
    waypoints->size = 1024;
    waypoints->items = new_array(waypoints, struct waypoint_hits, waypoints->size);
    return waypoints;
}

static struct waypoint_hits *find(const struct waypoints *waypoints, uint64_t pc) {
    size_t at = (size_t)(pc * 0x9e3779b97f4a7c15ULL >> 20) & (waypoints->size - 1);
    while (waypoints->items[at].pc != 0 && waypoints->items[at].pc != pc)
        at = (at + 1) & (waypoints->size - 1);
    return &waypoints->items[at];
}

static void grow(struct waypoints *waypoints) {
    struct waypoints old = *waypoints;
    waypoints->size *= 2;
    waypoints->items = new_array(waypoints, struct waypoint_hits, waypoints->size);
    for (size_t i = 0; i < old.size; i++)
        if (old.items[i].pc != 0)
            *find(waypoints, old.items[i].pc) = old.items[i];
    talloc_free(old.items);
}

/* Measured: a breakpoint costs about as much as three steps. */
static int64_t cost(const struct waypoint *waypoint, uint64_t steps) {
    return (int64_t)waypoint->hits * 3 + (int64_t)(steps - waypoint->step);
}

void waypoints_meet(struct waypoints *waypoints, uint64_t pc, bool repeated) {
    uint64_t steps = ++waypoints->steps;
    if (waypoints->used * 2 > waypoints->size)
        grow(waypoints);
    struct waypoint_hits *hit = find(waypoints, pc);
    waypoints->used += hit->pc == 0;
    hit->pc = pc;
    hit->count = repeated || hit->count == REPEATS ? REPEATS : hit->count + 1;
    if (repeated && waypoints->best.pc == pc)
        waypoints->best = (struct waypoint){0}; /* dearer, but rare */
    struct waypoint here = {pc, hit->count, steps};
    if (hit->count != REPEATS && cost(&here, steps) <= cost(&waypoints->best, steps))
        waypoints->best = here;
}
