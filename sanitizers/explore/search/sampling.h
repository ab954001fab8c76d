/* SPDX-License-Identifier: MIT */
/*
 * What the sampling strategies share: so many executions, each with random numbers of its own that
 * depend on the seed and on its index only, so that an abandoned execution comes again as it was.
 *
 * All their state lies in the shared arena: a worker that vanishes between two executions takes
 * nothing with it.
 */
#ifndef HAZARD_EXPLORE_SAMPLING_H
#define HAZARD_EXPLORE_SAMPLING_H

#include "explore/search/random_numbers.h"
#include "explore/search/search.h"

enum {
    SAMPLING_EXECUTIONS = 1000, /* unless told */
    SAMPLING_EAGER = 8          /* one yield in so many is ignored */
};

struct sampling {
    uint64_t seed;
    int64_t done, limit;
    struct numbers numbers; /* of the execution at hand */
};

static inline struct sampling sampling_of(const struct search_config *config) {
    return (struct sampling){.seed = config->seed,
                             .limit =
                                 config->executions > 0 ? config->executions : SAMPLING_EXECUTIONS};
}

static inline enum begin sampling_begin(struct sampling *sampling) {
    if (sampling->done >= sampling->limit)
        return BEGIN_OVER;
    sampling->numbers = numbers_of(sampling->seed, (uint64_t)sampling->done);
    return BEGIN_RUN;
}

static inline void sampling_end(struct sampling *sampling, enum ending ending) {
    sampling->done += ending != END_ABANDONED;
}

static inline double sampling_left(const struct sampling *sampling) {
    return (double)(sampling->limit - sampling->done);
}

/*
 * Is this yield ignored? One that yields goes after the others: a spin loop that was picked as
 * often as those that it waits for would fill the execution. But a sleep orders nothing, so now and
 * then it must be able to end first.
 */
static inline bool sampling_eager(struct sampling *sampling) {
    return numbers_below(&sampling->numbers, SAMPLING_EAGER) == 0;
}

#endif
