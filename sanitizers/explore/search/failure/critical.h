/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_SEARCH_FAILURE_CRITICAL_H
#define HAZARD_EXPLORE_SEARCH_FAILURE_CRITICAL_H

#include "explore/search/strategy.h"

/* Is given the failing `schedule`, and told END_FOUND when an execution fails, in whatever way. */
extern const struct strategy critical_strategy;

/* Index of the decision after which the failure could not be avoided; -1: unknown. */
int critical_step(void *search);

#endif
