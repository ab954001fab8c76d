/* SPDX-License-Identifier: MIT */
/* A fiber's next operation, and the guards it waits for. */
#ifndef HAZARD_EXPLORE_RUNTIME_PENDING_H
#define HAZARD_EXPLORE_RUNTIME_PENDING_H

#include "explore/runtime/fiber.h"

void pending_set(struct fiber *fiber, const struct op *op); /* the fiber is READY with it */
void pending_apply(struct fiber *fiber);                    /* the deltas of its operation */

#endif
