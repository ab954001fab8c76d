/* SPDX-License-Identifier: MIT */
/* One exploration at hand, for the files that make its outcome: explore.c, outcome_findings.c and
 * outcome_verdict.c. */
#ifndef HAZARD_EXPLORE_FRONT_EXPLORATION_H
#define HAZARD_EXPLORE_FRONT_EXPLORATION_H

#include "base/fail.h"
#include "explore/front/explore.h"
#include "run/run.h"

struct exploration {
    void *owner;
    const struct subject *subject;
    const struct explore_options *options;
    struct shared *shared;
    struct run_outcome run;
    struct explore_outcome *outcome;
    struct error *error;
};

#endif
