/* SPDX-License-Identifier: MIT */
/*
 * Strategy `auto`: dpor for a moment, a few executions at random, then dpor and states in turn, each with more steps to
 * spend from turn to turn, until one is through. Small programs are through at once by dpor; states know no bounds on
 * wake-ups and time-outs, so a proof by dpor that came to one is left to them for a while. Budgets are counts of steps, so that it decides the same way each time.
 * A search goes on where it was when its last turn ended.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_STAGES_H
#define HAZARD_EXPLORE_RUNTIME_STAGES_H

#include <stdbool.h>
#include <stdint.h>

void stages_begin(void);

/* The strategy whose turn it is, and the most steps that it may have made at its end (0: no limit). */
const char *stages_strategy(void);
int64_t stages_steps(void);
int64_t stages_executions(void); /* likewise */

/* The search that goes on, with its counts; NULL: it begins. */
void *stages_search(void);

/* What there was of searches is no more: one begins anew. */
void stages_forget(void);

/* A turn has ended without a finding. False: that was the last, and `shared` says what came of it. */
bool stages_next(void);

/* The counts of a search that begins. */
void stages_reset_counts(void);

#endif
