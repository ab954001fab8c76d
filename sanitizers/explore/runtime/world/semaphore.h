/* SPDX-License-Identifier: MIT */
/* A semaphore, as its own file and the wait-for graph know it. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_SEMAPHORE_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_SEMAPHORE_H

#include "explore/runtime/world/hold.h"

struct semaphore {
    struct sync sync;
};

/* For the wait-for graph. */
struct semaphore_note {
    bool handed;         /* somebody posted what another took: no lock, it has no holders */
    struct hold *takers; /* else: who took and has not posted */
};
struct semaphore_note *semaphore_note(const struct semaphore *semaphore);

#endif
