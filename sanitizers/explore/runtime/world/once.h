/* SPDX-License-Identifier: MIT */
/* What runs once: pthread_once, call_once. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_ONCE_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_ONCE_H

#include <stdint.h>

#include "explore/runtime/world/sync.h"

struct once {
    struct sync sync;
    bool done;
    struct fiber *runner;
    struct once *next; /* that its runner runs around this one */
};

int once_run(int *flag, void (*routine)(void), uintptr_t pc);
void once_abandon(struct once *running); /* its runner ends */

#endif
