/* SPDX-License-Identifier: MIT */
/* A barrier, as its own file and the wait-for graph know it. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_BARRIER_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_BARRIER_H

#include "explore/runtime/world/sync.h"

struct barrier {
    struct sync sync;
    uint32_t count, arrived;
    struct timed_sleeper *waiting;
};

#endif
