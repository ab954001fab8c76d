/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_FRONT_DETAIL_H
#define HAZARD_EXPLORE_FRONT_DETAIL_H

#include "explore/front/explore.h"

/*
 * One line on what a verdict stands on: how many executions, and what was taken for granted. `why`:
 * of a verdict that proves nothing. Everything of the outcome but `detail` must be there.
 */
const char *detail_words(void *owner, const struct explore_outcome *outcome,
                         const struct explore_options *options, const char *why);

#endif
