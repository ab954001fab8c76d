/* SPDX-License-Identifier: MIT */
/* Cancellation points. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_CANCEL_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/runtime/fiber.h"

/* A step that is a cancellation point, and may have to wait; one that never has to. They do not
 * return if a request is acted upon. `perhaps`: whether one is hangs on more than is known here. */
void cancel_step(struct op *op, const void *address, bool perhaps, uintptr_t pc);
void cancel_pass(enum op_kind kind, uintptr_t pc);

/* A call of the library that is one; no step, where no request can come. */
void cancel_call(bool perhaps, uintptr_t pc);

void cancel_now(uintptr_t pc); /* acts upon a request, if there is one; no step */

/* Around a sleep at one: who cancels calls `interrupt`, which wakes the sleeper. `cancel_leave` acts
 * upon the request if that is what happened. */
void cancel_enter(void (*interrupt)(struct fiber *), void *argument);
void cancel_leave(uintptr_t pc);
void cancel_settle(struct fiber *fiber); /* nobody interrupts that sleeper any more */

void cancel_wake(struct fiber *fiber);         /* wakes it to act upon a request */
bool cancel_missed(const struct fiber *fiber); /* it missed a request, and waits now */

#endif
