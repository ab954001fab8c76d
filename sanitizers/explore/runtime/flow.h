/* SPDX-License-Identifier: MIT */
/*
 * Virtual time flows along with what happens: an operation is never earlier than one before it that it
 * depends on, nor is a thread that was woken earlier than who woke it.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_FLOW_H
#define HAZARD_EXPLORE_RUNTIME_FLOW_H

#include <stdint.h>

#include "explore/runtime/fiber.h"

/* The calling thread's clock goes on to that time, if it is behind it. */
void flow_to(uint64_t time);

/* The calling thread's clock, with all that its step in progress depends on. */
uint64_t flow_now(void);

void flow_woken(struct fiber *fiber); /* by the calling thread */
void flow_step_ends(void);            /* that of the calling thread */
void flow_within(
    const struct op *op); /* done in the calling thread's step, which is a whole atomic block */

uint64_t flow_hash(uint64_t hash); /* of all times that can still flow into a thread's */

#endif
