/* SPDX-License-Identifier: MIT */
/* A spin lock, as its own file and the wait-for graph know it. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_SPIN_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_SPIN_H

#include "explore/runtime/world/sync.h"

struct spin {
    struct sync sync;
    struct fiber *owner;
};

#endif
