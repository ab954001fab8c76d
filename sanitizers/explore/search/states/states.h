/* SPDX-License-Identifier: MIT */
/* The search over states: each once, in whatever order it can be reached. */
#ifndef HAZARD_EXPLORE_SEARCH_STATES_STATES_H
#define HAZARD_EXPLORE_SEARCH_STATES_STATES_H

#include "explore/search/strategy.h"

extern const struct strategy states_strategy;

#endif
