/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_SEARCH_FAILURE_MINIMISE_H
#define HAZARD_EXPLORE_SEARCH_FAILURE_MINIMISE_H

#include "explore/search/strategy.h"

/* Is given the failing `schedule`, and told END_FOUND only when an execution fails in the same way.
 */
extern const struct strategy minimise_strategy;

/* The schedule with the fewest context switches so far, in pairs as in search_config; its steps. */
int minimise_best(void *search, const uint8_t **pairs);

#endif
