/* SPDX-License-Identifier: MIT */
/* What a thread may do only so often, so that executions stay finite. */
#ifndef HAZARD_EXPLORE_RUNTIME_BOUNDS_H
#define HAZARD_EXPLORE_RUNTIME_BOUNDS_H

#include <stdbool.h>

#include "explore/search/search.h"
#include "explore/shared/bounds.h"

/* May the calling thread do that once more? And, within a step of its own that has made no choice yet:
 * does it? The search is asked as long as it may. */
bool bounds_is_free(enum bound bound); /* there is none: as often as it likes */
bool bounds_may(enum bound bound);
void bounds_use(enum bound bound);                      /* it does, and nobody is asked */
void bounds_note(enum bound bound, enum bound_use use); /* some thread came as near as that */
bool bounds_choose(enum bound bound, enum choice kind);

#endif
