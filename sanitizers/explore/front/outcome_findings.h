/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_FRONT_OUTCOME_FINDINGS_H
#define HAZARD_EXPLORE_FRONT_OUTCOME_FINDINGS_H

#include "explore/front/exploration.h"

/* Takes what was found into the outcome, in words, with places and, for the first, the schedule. */
void outcome_findings(const struct exploration *at);

#endif
