/* SPDX-License-Identifier: MIT */
/*
 * What the sampling strategies share: so many executions, each with random numbers of its own that
 * depend on the seed and on its index only, so that an abandoned execution comes again as it was.
 *
 * All their state lies in the shared arena: a worker that vanishes between two executions takes
 * nothing with it. A strategy's own state begins with what they share, so that the functions below
 * can stand in the strategy's table.
 */
#ifndef HAZARD_EXPLORE_SEARCH_POLICY_SAMPLING_H
#define HAZARD_EXPLORE_SEARCH_POLICY_SAMPLING_H

#include "explore/search/random_numbers.h"
#include "explore/search/strategy.h"

enum {
    SAMPLING_EAGER = 8 /* one yield in so many is ignored */
};

struct sampling {
    uint64_t seed;
    int64_t done, limit;
    struct numbers numbers; /* of the execution at hand */
};

struct sampling sampling_of(const struct search_config *config);

/*
 * Is this yield ignored? One that yields goes after the others: a spin loop that was picked as
 * often as those that it waits for would fill the execution. But a sleep orders nothing, so now and
 * then it must be able to end first.
 */
bool sampling_eager(struct sampling *sampling);

/* Of struct strategy, for one whose state begins with a struct sampling. */
enum begin sampling_begin(void *worker);
int sampling_alternative(void *worker, int n, enum choice kind);
void sampling_end(void *worker, const struct view *view, enum ending ending);
double sampling_left(void *search);

#endif
