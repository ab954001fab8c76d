/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_DPOR_H
#define HAZARD_EXPLORE_SEARCH_DPOR_DPOR_H

#include "explore/search/strategy.h"

/* Optimal dynamic partial-order reduction: one execution of each Mazurkiewicz trace. */
extern const struct strategy dpor_strategy;

/* Before the search begins: what these steps lead to from its first state is explored by another search. */
struct footprint;
void dpor_asleep(void *search, const struct footprint *steps, int count);

#endif
