/* SPDX-License-Identifier: MIT */
/* How far a search is. */
#ifndef HAZARD_EXPLORE_SHARED_COUNTS_H
#define HAZARD_EXPLORE_SHARED_COUNTS_H

#include <stdint.h>

#include "explore/shared/bounds.h"

struct shared_counts {
    int64_t executions;  /* complete ones */
    int64_t blocked;     /* redundant ones: given up half-way as equivalent to an earlier one */
    int64_t assumed;     /* those that ended where what the program assumes does not hold */
    int64_t steps;       /* in all executions */
    int64_t deepest;     /* steps of the longest execution */
    int64_t states;      /* of a search over states: those that were met... */
    int64_t state_steps; /* ... and the steps between them */
    double left;         /* a guess of the executions left; < 0: unknown */
    int64_t overtaken; /* how often, at most, a waiting thread saw others take what it waits for */
    int32_t bounds[BOUND_COUNT]; /* enum bound_use */
};

#endif
