/* SPDX-License-Identifier: MIT */
/* A readers-writer lock, as its own file and the wait-for graph know it. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_RWLOCK_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_RWLOCK_H

#include "explore/runtime/world/hold.h"

struct rwlock {
    struct sync sync;
    bool writer_first;
    struct fiber *writer;
    struct hold *readers;
    struct hold *queue; /* writers that wait, if they come first */
    struct object *turn;
};

#endif
