/* SPDX-License-Identifier: MIT */
/*
 * One shard of a search: of all ways that executions can begin (beginnings.h), every N-th, and behind each what
 * dpor makes of it, or a search over states behind all of them.
 */
#ifndef HAZARD_EXPLORE_SEARCH_SHARD_SHARD_H
#define HAZARD_EXPLORE_SEARCH_SHARD_SHARD_H

#include "explore/search/strategy.h"

extern const struct strategy shard_strategy, shard_states_strategy;

/* What all shards must have in common. */
uint64_t shard_plan(const void *search);

#endif
