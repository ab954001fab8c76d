/* SPDX-License-Identifier: MIT */
/* Futexes, as their own file and the wait-for graph know them. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_FUTEX_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_FUTEX_H

#include "explore/runtime/world/sync.h"

struct futex {
    struct sync sync;
    struct timed_sleeper *waiters; /* by actor */
};

#endif
