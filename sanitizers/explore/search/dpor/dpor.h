/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_DPOR_H
#define HAZARD_EXPLORE_SEARCH_DPOR_DPOR_H

#include "explore/search/strategy.h"

/* Optimal dynamic partial-order reduction: one execution of each Mazurkiewicz trace. */
extern const struct strategy dpor_strategy;

#endif
