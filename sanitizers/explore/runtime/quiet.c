/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/clocks.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/quiet.h"
#include "explore/runtime/step.h"

/* 100,000 accesses since the last look: has it stepped? Whether it has depends on what the thread
 * itself did, so the same happens in every equivalent execution. */
void quiet_give_turn(uintptr_t pc) {
    clocks->quiet[self->id] = 0;
    if (clocks->moves[self->id] == lasting->moves) {
        const struct op tick = {.kind = OP_TICK};
        step(&tick, NULL, pc);
    }
    clocks->moves[self->id] = lasting->moves;
}
