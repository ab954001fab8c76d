/* SPDX-License-Identifier: MIT */
/*
 * How often each pc was met on a way, and so how another process can go it quickly: natively to a
 * breakpoint, met a number of times, and the rest in single steps.
 */
#ifndef HAZARD_INJECT_COPY_WAYPOINTS_H
#define HAZARD_INJECT_COPY_WAYPOINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct waypoint {
    uint64_t pc, hits; /* the hits-th meeting of pc; 0: where the way begins */
    uint64_t step;     /* of the way */
};

struct waypoints {
    struct waypoint_hits *items; /* a hash table with open addressing */
    size_t size, used;
    uint64_t steps;       /* of the way so far */
    struct waypoint best; /* from which the way's end costs least */
};

/* Below `owner`: a way that begins here. */
struct waypoints *waypoints_new(void *owner);

/* After a step: `pc` was met; `repeated`: perhaps so that a breakpoint there would not be hit (a
 * rep prefix, a signal delivered there). */
void waypoints_meet(struct waypoints *waypoints, uint64_t pc, bool repeated);

#endif
