/* SPDX-License-Identifier: MIT */
/* Shares in an object: hold.c. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_HOLD_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_HOLD_H

#include "explore/runtime/memory.h"
#include "explore/runtime/world/sync.h"

struct hold { /* one thread's share in a lock */
    struct fiber *fiber;
    int32_t count;
    struct world_place *place; /* where it took it; noted */
    struct hold *next;
};

struct hold *hold_find(struct hold *holds, const struct fiber *fiber);
void hold_add(struct hold **holds, enum memory_use use, uintptr_t pc); /* by the calling thread */
bool hold_remove(struct hold **holds);                                 /* false: it has none */

#endif
