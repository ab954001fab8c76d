/* SPDX-License-Identifier: MIT */
/* Mutexes: mutex.c. What C11 (c11.c) and condition variables (cond.c) need of them. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_MUTEX_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_MUTEX_H

#include <pthread.h>
#include <time.h>

#include "explore/runtime/world/sync.h"

/* Those that locked it and left it again without waiting: a signal that came before has served its purpose. */
struct mutex_sections {
    int32_t began; /* the step that locked it; -1: a wait took it again */
    int32_t latest,
        others; /* such a step of the latest who left it, and of the latest other than that */
    int32_t latest_by; /* the actor */
};

struct mutex {
    struct sync sync;
    struct mutex_sections *sections; /* noted, as it only explains */
    int32_t word;                    /* the type's bits, as in the object's own memory */
    bool inconsistent;               /* robust: its owner died */
    bool broken;                     /* robust: unlocked while inconsistent */
    uint32_t count;                  /* locked so many times by its owner */
    struct fiber *owner;
    struct mutex *next; /* robust: that its owner holds */
};

struct mutex *mutex_at(pthread_mutex_t *bytes, uintptr_t pc);
int mutex_init(pthread_mutex_t *bytes, int32_t word, uintptr_t pc);
int mutex_destroy(pthread_mutex_t *bytes, uintptr_t pc);
int mutex_lock(pthread_mutex_t *bytes, uintptr_t pc);
int mutex_trylock(pthread_mutex_t *bytes, uintptr_t pc);
int mutex_clocklock(pthread_mutex_t *bytes, clockid_t clock, const struct timespec *time,
                    uintptr_t pc);
int mutex_unlock(pthread_mutex_t *bytes, uintptr_t pc);

/* For condition variables: the calling thread holds it; leaves it, or (the step that took it has
 * been granted) has it again. */
void mutex_leave(struct mutex *mutex);
int mutex_taken(struct mutex *mutex, uintptr_t pc);

/* Has anybody but that actor locked it after that step, and left it again without waiting? */
bool mutex_served(const struct mutex *mutex, int32_t after, int32_t actor);

/* A thread ends: its robust mutexes are free. */
void mutex_orphan(struct mutex *held, uintptr_t pc);

#endif
