/* SPDX-License-Identifier: MIT */
/* The search over states: each once, in whatever order it can be reached. */
#ifndef HAZARD_EXPLORE_SEARCH_STATES_STATES_H
#define HAZARD_EXPLORE_SEARCH_STATES_STATES_H

#include "explore/search/strategy.h"

/* A search of one shard begins in several states, each behind a beginning of its own (shard.h); the root is what that is
 * called. Else it has one, 0. */
void states_add_root(void *search, int root);

/* Behind which beginning comes the execution at hand, or the cycle that is shown? */
int states_root(const void *worker);

extern const struct strategy states_strategy;

#endif
