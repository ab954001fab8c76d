/* SPDX-License-Identifier: MIT */
/*
 * A thread whose assumption does not hold stays there for ever: the others go on, as what they do would have
 * happened as well if it had been looked at later; so what they do wrong counts. That nobody can move in
 * the end does not. Going on matters to the search, too: an execution in which the assumption holds may be one in
 * which they come first, and that is seen only from what they do.
 *
 * Within an atomic block nobody could have come in between: the execution ends there and then, and, as
 * the end of the process does, conflicts with all that the others would have done.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/assume.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/step.h"
#include "explore/runtime/unsupported.h"

_Noreturn void assume_fails(uintptr_t pc) {
    if (!exploring)
        unsupported(pc, SAY_CHOOSES_EARLY);
    if (self->undivided != 0) {
        step_is_whole();
        step_leave(END_ASSUMED);
    }
    execution.assumed = true;
    self->waits = SAY_ASSUMPTION;
    const struct op op = {
        .kind = OP_ASSUME,
        .access_count = 1,
        /* nobody ever gives it */
        .access = {{.object = ((uint64_t)self->id + 1) << 3 | OBJECT_HEADER,
                    .need = 1,
                    .mode = MODE_READ,
                    .bytes = 0xff}},
    };
    step(&op, NULL, pc);
    __builtin_unreachable();
}
