/* SPDX-License-Identifier: MIT */
/*
 * Checkpoints: the process goes back to an earlier step of the execution at hand, without running from main
 * again. What each step changed is kept, line by line, so going back costs what was changed since.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CHECKPOINT_H
#define HAZARD_EXPLORE_RUNTIME_CHECKPOINT_H

#include <stdbool.h>

#include "explore/search/search.h"

/* There will be checkpoints: once, after the snapshot. `summed`: also what a state comes to; then memory is
 * brought to what is the same in whatever order things happened, and the race detector keeps books. */
void checkpoint_start(bool summed);

/* An execution begins at main: none is left. */
void checkpoint_begin(void);

/* The kernel is about to ask who goes next, after that many steps: more than at the latest. What
 * all that can influence the future comes to. */
struct fingerprint checkpoint_take(int step);

/* Steps before the latest one; < 0: there is none. */
int checkpoint_latest(void);

/* Memory becomes what it was at the latest one of no more steps than that, and so does what it comes to. How many
 * they are; < 0: it is not there, and the execution begins at main. */
int checkpoint_back(int step, struct fingerprint *state);

#endif
