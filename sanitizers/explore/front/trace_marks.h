/* SPDX-License-Identifier: MIT */
/* What a trace has to show beside its steps. */
#ifndef HAZARD_EXPLORE_FRONT_TRACE_MARKS_H
#define HAZARD_EXPLORE_FRONT_TRACE_MARKS_H

#include "explore/front/explore.h"

/* One of two accesses that race: part of what its thread did alone after a step. */
struct racing_access {
    int after;       /* index of that step in the trace */
    size_t location; /* index among the finding's locations */
};

struct trace_marks {
    struct racing_access racing[2]; /* in the order in which they happened */
    int racing_count;               /* 0 if the finding is no data race, else 2 */
    int cycle; /* index of the first of the steps that a livelock repeats for ever; -1: none */
};

/* Of one of the outcome's findings, in the outcome's trace. */
struct trace_marks trace_marks_of(const struct explore_outcome *outcome, size_t finding);

#endif
