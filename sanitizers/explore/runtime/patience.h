/* SPDX-License-Identifier: MIT */
/* Who waits while others go before it: how often that was, where somebody asks (--overtaking). */
#ifndef HAZARD_EXPLORE_RUNTIME_PATIENCE_H
#define HAZARD_EXPLORE_RUNTIME_PATIENCE_H

#include "explore/runtime/fiber.h"
#include "explore/runtime/fingerprint.h"

/* Its step has ended: does it wait on, or has it got what it waited for? */
void patience_moved(struct fiber *fiber);

/* Does it spin on something that this step of another has changed, for the first time since it looked? */
bool patience_is_tried(struct fiber *fiber, const struct fiber *other);

/* What of it is a part of the state. */
struct fingerprint patience_print(const struct fiber *fiber);

/* The waiting thread was passed once more. So many steps ago, in the same wait, all was as it is now; 0: never, or nobody
 * asks. */
int patience_round(struct fiber *fiber);

#endif
