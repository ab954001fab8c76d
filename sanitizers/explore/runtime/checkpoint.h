/* SPDX-License-Identifier: MIT */
/*
 * Checkpoints: the process goes back to an earlier step of the execution at hand, without running from main
 * again. What each step changed is kept, line by line, so going back costs what was changed since.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CHECKPOINT_H
#define HAZARD_EXPLORE_RUNTIME_CHECKPOINT_H

#include <stdbool.h>

#include "explore/search/search.h"

/* There will be checkpoints: once, after the snapshot. */
void checkpoint_start(void);

/* An execution begins at main: none is left. */
void checkpoint_begin(void);

/* The kernel is about to ask who goes next, after that many steps; one call for each number, in order. What
 * all that can influence the future comes to. */
struct fingerprint checkpoint_take(int step);

/* Memory becomes what it was then, and so does what it comes to. False: that checkpoint is not there;
 * then an execution begins at main. */
bool checkpoint_back(int step, struct fingerprint *state);

#endif
