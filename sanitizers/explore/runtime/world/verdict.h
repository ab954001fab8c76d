/* SPDX-License-Identifier: MIT */
/*
 * What the world says of an execution in which nobody can move, and of one that has come to its end. Both
 * are called on the kernel's stack. They fill *finding and return true, or return false.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_VERDICT_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_VERDICT_H

#include <stdbool.h>

#include "explore/shared.h"

/* `assumed`: somebody stays where its assumption does not hold, and only a cycle of others is to blame. */
bool verdict_deadlock(struct shared_finding *finding, bool assumed);
bool verdict_end(struct shared_finding *finding, int status);

#endif
