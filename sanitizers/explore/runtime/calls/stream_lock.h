/* SPDX-License-Identifier: MIT */
/* The lock of a FILE: what flockfile takes, and each function on that FILE but the unlocked ones. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_STREAM_LOCK_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_STREAM_LOCK_H

#include "explore/runtime/calls/visit.h"
#include "explore/runtime/world/sync.h"

struct stream_lock {
    struct sync sync;
    struct fiber *owner;
    int count; /* how often the owner has it */
};

/* The call waits until nobody else has the lock of the FILE that it works on. The last thing that is said of its
 * operation. */
void stream_lock_guard(struct visit *visit);
void stream_lock_passed(const struct visit *visit); /* it has come by */
void stream_lock_left(
    const struct visit *visit); /* ... and has returned: if what it does was followed */

#endif
