/* SPDX-License-Identifier: MIT */
/* A barrier, as its own file and the wait-for graph know it. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_BARRIER_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_BARRIER_H

#include "explore/runtime/world/sync.h"

struct barrier {
    struct sync sync;
    uint32_t count, arrived;
    struct timed_sleeper *waiting;
    uint64_t members[OP_ACTORS / 64]; /* whoever arrived, one bit each */
    uint32_t member_count;
};

#endif
