/* SPDX-License-Identifier: MIT */
/* Between which functions a walk goes, and whether it has come to its end. */
#ifndef HAZARD_INJECT_WALK_BOUNDS_H
#define HAZARD_INJECT_WALK_BOUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "inject/family/family.h"

struct bounds {
    uint64_t from, until;          /* addresses of functions; until 0: from's return */
    int64_t until_left;            /* calls of `until` that are still to come */
    uint64_t return_pc, return_sp; /* where the walk ends, once it is known; 0: not yet */
};

/* The walk ends where the function returns at whose first instruction the process stands. */
void bounds_end_at_return(struct bounds *bounds, const struct task *first);

/* Before each step: the last call of `until` may just begin. */
void bounds_watch(struct bounds *bounds, const struct task *first);

bool bounds_reached(const struct bounds *bounds, const struct task *first);

#endif
