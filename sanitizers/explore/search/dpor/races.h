/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_RACES_H
#define HAZARD_EXPLORE_SEARCH_DPOR_RACES_H

#include "explore/search/dpor/branch.h"
#include "explore/search/search.h"

/* Reverses all races of the executed part of the path that this execution is the first to show, and
 * those with operations that were not executed. */
void races_reverse(struct branch *branch, const struct view *view);

#endif
