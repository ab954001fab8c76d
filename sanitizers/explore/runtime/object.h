/* SPDX-License-Identifier: MIT */
/* The objects with a state (op.h) of this execution, by key. */
#ifndef HAZARD_EXPLORE_RUNTIME_OBJECT_H
#define HAZARD_EXPLORE_RUNTIME_OBJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/runtime/execution.h"

/* Lives as long as the execution. */
struct object {
    uint64_t key;
    int32_t state;
    bool known; /* false: just made; whoever asked sets its first state */
    uint64_t
        waiters[OP_ACTORS / 64]; /* one bit an actor: its pending operation has a guard on it */
    void *world;                 /* what the world keeps of it */
};

/* The object of that key; made (state 0, known false) when it is new. */
struct object *object_find(uint64_t key);

/* Its state becomes this by no operation's delta: it is set up. */
void object_set(struct object *object, int32_t state);

/* Whoever has a guard on the object must be looked at again. */
static inline void object_changed(const struct object *object) {
    for (int word = 0; word < words_in_use(); word++)
        execution.stirred[word] |= object->waiters[word];
}

#endif
