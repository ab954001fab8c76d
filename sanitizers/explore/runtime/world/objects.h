/* SPDX-License-Identifier: MIT */
/* The objects whose state only their own file and the wait-for graph know. */
#ifndef HAZARD_EXPLORE_WORLD_OBJECTS_H
#define HAZARD_EXPLORE_WORLD_OBJECTS_H

#include "explore/runtime/world/hold.h"

struct rwlock {
    struct sync sync;
    bool writer_first;
    struct fiber *writer;
    struct place locked; /* by the writer */
    struct hold *readers;
    struct hold *queue; /* writers that wait, if they come first */
    struct object *turn;
};

struct spin {
    struct sync sync;
    struct fiber *owner;
    struct place locked;
};

struct barrier {
    struct sync sync;
    uint32_t count, arrived;
    struct sleeper *waiting;
    void **round; /* its name, for happens-before; not part of the state */
};

struct semaphore {
    struct sync sync;
    bool handed;         /* somebody posted what another took: no lock, it has no holders */
    struct hold *takers; /* else: who took and has not posted */
};

struct once {
    struct sync sync;
    bool done;
    struct fiber *runner;
    struct place running;
    struct once *next; /* that its runner runs around this one */
};

#endif
