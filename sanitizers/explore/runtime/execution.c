/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/execution.h"
#include "explore/runtime/lasting.h"

struct execution execution = {.current = -1};

int execution_schedule(uint8_t **pairs) {
    *pairs = lasting->schedule;
    if (lasting->in_kernel || execution.index >= SHARED_TRACE)
        return execution.index;
    execution_keep_decision(); /* of the step in progress */
    return execution.index + 1;
}
