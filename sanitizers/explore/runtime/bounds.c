/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/bounds.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/step.h"
#include "explore/runtime/worker.h"

/* How often each thread did: part of the state that can recur. */
static struct used { int32_t times[BOUND_COUNT]; } * used;

/* Workers write the same, or more. */
void bounds_note(enum bound bound, enum bound_use use) {
    if (__atomic_load_n(&shared->counts.bounds[bound], __ATOMIC_RELAXED) < (int32_t)use)
        __atomic_store_n(&shared->counts.bounds[bound], (int32_t)use, __ATOMIC_RELAXED);
}

bool bounds_is_free(enum bound bound) {
    return (control->strategy->states || worker_replays()) &&
           shared->config.bounds[bound] == BOUND_FREE;
}

bool bounds_may(enum bound bound) {
    if (!exploring)
        return false;
    if (bounds_is_free(bound))
        return true;
    if (used == NULL)
        used = memory_new(MEMORY_BOUNDS, 0, OP_ACTORS * sizeof *used);
    bool may = used[self->id].times[bound] < bounds_usual(bound, shared->config.bounds[bound]);
    bounds_note(bound, may ? BOUND_MET : BOUND_REACHED);
    return may;
}

void bounds_use(enum bound bound) {
    if (bounds_is_free(bound))
        return;
    used[self->id].times[bound]++;
}

bool bounds_choose(enum bound bound, enum choice kind) {
    if (!bounds_may(bound) || step_choose(2, (int)kind) == 0)
        return false;
    bounds_use(bound);
    return true;
}
