/* SPDX-License-Identifier: MIT */
#include "inject/walk/signal_state.h"

#include <sys/ptrace.h>

#include "inject/process/tracee.h"

static uint64_t bit_of(const struct signal_state *state) {
    return 1ULL << (state->number - 1);
}

void signal_state_look_at_mask(struct signal_state *state, pid_t pid) {
    uint64_t mask = 0;
    ptrace(PTRACE_GETSIGMASK, pid, sizeof mask, &mask);
    state->blocked = (mask & bit_of(state)) != 0;
}

void signal_state_look_at_handler(struct signal_state *state, pid_t pid) {
    struct signal_sets sets = tracee_signals(pid);
    state->handled = (sets.caught & bit_of(state)) != 0;
    state->ever_ignored |= (sets.ignored & bit_of(state)) != 0;
}

uint64_t signal_state_look_at_pending(struct signal_state *state, pid_t pid) {
    uint64_t pending = tracee_signals(pid).pending;
    state->pending = (pending & bit_of(state)) != 0;
    return pending;
}
