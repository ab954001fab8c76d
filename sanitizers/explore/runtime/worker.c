/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/worker.h"

void worker_touched(void) {
    lasting->touched = true;
}

void worker_search_anew(void) {
    __atomic_store_n(&control->again, 1, __ATOMIC_RELAXED);
}
