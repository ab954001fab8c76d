/* SPDX-License-Identifier: MIT */
/* What the walked process has made of the signal, as far as it has come. */
#ifndef HAZARD_INJECT_WALK_SIGNAL_STATE_H
#define HAZARD_INJECT_WALK_SIGNAL_STATE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct signal_state {
    int number;
    bool blocked, handled, pending;
    bool ever_ignored;
};

void signal_state_look_at_mask(struct signal_state *state, pid_t pid);
void signal_state_look_at_handler(struct signal_state *state, pid_t pid);

/* Also: all its pending signals. */
uint64_t signal_state_look_at_pending(struct signal_state *state, pid_t pid);

#endif
