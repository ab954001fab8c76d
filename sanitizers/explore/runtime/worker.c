/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/worker.h"
#include "explore/search/policy/policies.h"

void worker_touched(void) {
    lasting->touched = true;
}

void worker_search_anew(void) {
    __atomic_store_n(&control->again, 1, __ATOMIC_RELAXED);
}

bool worker_replays(void) {
    return control->phase != PHASE_SEARCH || control->strategy == &replay_strategy;
}
