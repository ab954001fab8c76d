/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_FRONT_OUTCOME_VERDICT_H
#define HAZARD_EXPLORE_FRONT_OUTCOME_VERDICT_H

#include "explore/front/exploration.h"

/* Gives the outcome, whose findings are there, its verdict and the line on what that stands on. -1 and
 * the error: there is none. */
int outcome_verdict(const struct exploration *at);

#endif
