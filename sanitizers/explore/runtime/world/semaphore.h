/* SPDX-License-Identifier: MIT */
/* A semaphore, as its own file and the wait-for graph know it. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_SEMAPHORE_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_SEMAPHORE_H

#include <semaphore.h>

#include "explore/runtime/world/hold.h"

struct semaphore {
    struct sync sync;
    bool named;  /* by sem_open */
    bool closed; /* by all who opened it: nobody may use it at this place */
};

/* One that sem_open has made, of that value. No step. */
void semaphore_named(sem_t *bytes, int32_t value);

/* Within the step of who closes it, or opens it again. */
void semaphore_close(sem_t *bytes, uintptr_t pc);
void semaphore_reopen(sem_t *bytes);

/* For the wait-for graph. */
struct semaphore_note {
    bool handed;         /* somebody posted what another took: no lock, it has no holders */
    struct hold *takers; /* else: who took and has not posted */
};
struct semaphore_note *semaphore_note(const struct semaphore *semaphore);

#endif
