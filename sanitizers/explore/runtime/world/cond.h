/* SPDX-License-Identifier: MIT */
/* Condition variables: cond.c. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_COND_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_COND_H

#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/mutex.h"

/* A thread among the waiters; lies on its stack. */
struct cond_waiter {
    struct fiber *fiber;
    struct cond *cond;
    struct mutex *mutex;
    struct op relock; /* what it does when it is woken */
    struct world_place place;
    struct cond_waiter *next;
};

struct cond {
    struct sync sync;
    clockid_t clock;
    struct cond_waiter *waiters; /* by actor */
    const struct mutex *mutex;
};

/* For the wait-for graph; of a futex, too. */
struct cond_note {
    struct world_place lost;  /* the latest signal that came when nobody waited... */
    int32_t lost_at;          /* ... by that step */
    struct world_place given; /* the latest signal that woke one of several */
    struct fiber *woken;      /* by that */
};
struct cond_note *cond_note(const struct sync *sync);

int cond_init(pthread_cond_t *bytes, clockid_t clock, uintptr_t pc);
int cond_destroy(pthread_cond_t *bytes, uintptr_t pc);
int cond_wait(pthread_cond_t *bytes, pthread_mutex_t *mutex, struct limit *limit, uintptr_t pc);
int cond_signal(pthread_cond_t *bytes, uintptr_t pc);
int cond_broadcast(pthread_cond_t *bytes, uintptr_t pc);

#endif
