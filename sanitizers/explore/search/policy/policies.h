/* SPDX-License-Identifier: MIT */
/* The strategies of this folder, one a file. */
#ifndef HAZARD_EXPLORE_SEARCH_POLICY_POLICIES_H
#define HAZARD_EXPLORE_SEARCH_POLICY_POLICIES_H

#include "explore/search/strategy.h"

extern const struct strategy dfs_strategy, bound_strategy, random_strategy, pct_strategy,
    pos_strategy, replay_strategy;

#endif
