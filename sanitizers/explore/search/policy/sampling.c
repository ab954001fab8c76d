/* SPDX-License-Identifier: MIT */
#include "explore/search/policy/sampling.h"

struct sampling sampling_of(const struct search_config *config) {
    return (struct sampling){.seed = config->seed,
                             .limit = config->executions > 0 ? config->executions : INT64_MAX};
}

enum begin sampling_begin(void *worker) {
    struct sampling *sampling = worker;
    if (sampling->done >= sampling->limit)
        return BEGIN_OVER;
    sampling->numbers = numbers_of(sampling->seed, (uint64_t)sampling->done);
    return BEGIN_RUN;
}

int sampling_alternative(void *worker, int n, enum choice kind) {
    (void)kind;
    struct sampling *sampling = worker;
    return numbers_below(&sampling->numbers, n);
}

void sampling_end(void *worker, const struct view *view, enum ending ending) {
    (void)view;
    struct sampling *sampling = worker;
    sampling->done += ending != END_ABANDONED;
}

double sampling_left(void *search) {
    const struct sampling *sampling = search;
    return (double)(sampling->limit - sampling->done);
}

bool sampling_eager(struct sampling *sampling) {
    return numbers_below(&sampling->numbers, SAMPLING_EAGER) == 0;
}
