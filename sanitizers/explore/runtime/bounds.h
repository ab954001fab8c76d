/* SPDX-License-Identifier: MIT */
/* What a thread may do only so often, so that executions stay finite. */
#ifndef HAZARD_EXPLORE_RUNTIME_BOUNDS_H
#define HAZARD_EXPLORE_RUNTIME_BOUNDS_H

#include <stdbool.h>

#include "explore/search/search.h"
#include "explore/shared/bounds.h"

/* Within a step of the calling thread's that has made no choice yet: does it do that now? The search
 * is asked as long as the thread may; then, and only then, the answer is no of itself. */
bool bounds_choose(enum bound bound, enum choice kind);

#endif
