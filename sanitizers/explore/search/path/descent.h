/* SPDX-License-Identifier: MIT */
/*
 * What depth-first strategies share: an odometer, one step for each execution. A strategy's own
 * state begins with it, so that its functions can stand in the strategy's table.
 */
#ifndef HAZARD_EXPLORE_SEARCH_PATH_DESCENT_H
#define HAZARD_EXPLORE_SEARCH_PATH_DESCENT_H

#include "explore/search/path/odometer.h"

struct descent {
    struct odometer odometer;
    double left; /* executions, estimated; -1: unknown */
    bool over;
};

struct descent descent_of(struct arena *arena);

/* Of struct strategy, for one whose state begins with a struct descent. */
enum begin descent_begin(void *worker);
int descent_alternative(void *worker, int n, enum choice kind);
void descent_end(void *worker, const struct view *view, enum ending ending);
double descent_left(void *search);

#endif
