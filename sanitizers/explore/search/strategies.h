/* SPDX-License-Identifier: MIT */
/* The strategies that can be asked for by name. What follows a failure is in failure/. */
#ifndef HAZARD_EXPLORE_SEARCH_STRATEGIES_H
#define HAZARD_EXPLORE_SEARCH_STRATEGIES_H

#include "explore/search/strategy.h"

/* NULL-terminated; the first is the default. */
extern const struct strategy *const strategies[];

/* NULL: there is none of that name. */
const struct strategy *strategies_find(const char *name);

#endif
