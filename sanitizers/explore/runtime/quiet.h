/* SPDX-License-Identifier: MIT */
/* Threads that never step: after many accesses and calls the others get their turn. */
#ifndef HAZARD_EXPLORE_RUNTIME_QUIET_H
#define HAZARD_EXPLORE_RUNTIME_QUIET_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/runtime/clocks.h"
#include "explore/runtime/fiber.h"

enum { QUIET = 100000 }; /* accesses and calls without a step */

void quiet_give_turn(uintptr_t pc);

/* Counts an access or a call: is it time for quiet_give_turn()? */
static inline bool quiet_too_long(void) {
    return __builtin_expect(++clocks->quiet[self->id] >= QUIET, false);
}

#endif
