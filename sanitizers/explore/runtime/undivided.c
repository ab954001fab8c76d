/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/audit/functions.h"
#include "explore/runtime/control.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/step.h"
#include "explore/runtime/undivided.h"

static char turns; /* what orders blocks */

int undivided_functions;
static struct function *found;

/* Only dpor gains by a block that does not conflict with everything. */
static struct op block_op(void) {
    const struct strategy *strategy = control->strategy;
    bool whole = control->facts.atomic_whole != 0 || strategy->states || !strategy->exhaustive;
    return (struct op){
        .kind = OP_ATOMIC,
        .access_count = 1,
        .access = {
            {.object = OBJECT_HEADER, .mode = whole ? MODE_ALL : MODE_WRITE, .bytes = 0xff}}};
}

void undivided_begin(uintptr_t pc) {
    if (!exploring)
        return;
    if (self->undivided == 0) {
        const struct op op = block_op();
        step(&op, NULL, pc);
        hb_acquire(&turns);
    }
    self->undivided++;
}

void undivided_end(void) {
    if (--self->undivided == 0)
        hb_release(&turns);
}

void undivided_find(uintptr_t bias) {
    undivided_functions = functions_named(bias, "__VERIFIER_atomic_", &found);
}

static bool is_atomic(uintptr_t pc) {
    for (int i = 0; i < undivided_functions; i++)
        if (pc >= found[i].start && pc < found[i].end)
            return true;
    return false;
}

void undivided_enter(uintptr_t pc, uint32_t frame) {
    if (self->undivided != 0 || !is_atomic(pc))
        return;
    undivided_begin(pc);
    self->undivided_frame = frame;
}

void undivided_leave(void) {
    self->undivided_frame = 0;
    if (self->undivided != 0)
        undivided_end();
}
