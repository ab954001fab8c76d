/* SPDX-License-Identifier: MIT */
/* A semaphore, as its own file and the wait-for graph know it. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_SEMAPHORE_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_SEMAPHORE_H

#include "explore/runtime/world/hold.h"

struct semaphore {
    struct sync sync;
    bool handed;         /* somebody posted what another took: no lock, it has no holders */
    struct hold *takers; /* else: who took and has not posted */
};

#endif
