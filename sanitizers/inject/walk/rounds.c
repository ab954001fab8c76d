/* SPDX-License-Identifier: MIT */
#include "inject/walk/rounds.h"

#include <string.h>

#include "inject/process/state_hash.h"

#define FIRST_SPAN 64

void rounds_restart(struct rounds *rounds) {
    rounds->since = 0;
    rounds->span = FIRST_SPAN;
    rounds->count = 0;
}

enum rounds_found rounds_look(struct rounds *rounds, const struct task *first) {
    uint64_t state;
    if (memcmp(&rounds->seen.regs, &first->cpu.regs, sizeof first->cpu.regs) != 0)
        return ROUNDS_NOTHING;
    if (rounds->known && state_hash(first->pid, &state) && state == rounds->state) {
        rounds->count = 0;
        return ROUNDS_WAITS;
    }
    return ++rounds->count == ROUNDS_AT_MOST ? ROUNDS_ENDLESS : ROUNDS_NOTHING;
}

/* After Brent: at growing distances. */
void rounds_remember(struct rounds *rounds, const struct task *first) {
    if (++rounds->since < rounds->span)
        return;
    rounds->seen = first->cpu;
    rounds->known = state_hash(first->pid, &rounds->state);
    rounds->since = 0;
    rounds->span *= 2;
}
