/* SPDX-License-Identifier: MIT */
/*
 * A uniform random walk: at each step any of the enabled actors, at each choice any alternative.
 * The base line of the sampling strategies; short bugs fall to it, and it has no blind spot.
 */
#include "explore/search/policy/policies.h"
#include "explore/search/policy/sampling.h"

static void *create(struct arena *shared, const struct search_config *config) {
    struct sampling *sampling = arena_new(shared, sizeof *sampling);
    *sampling = sampling_of(config);
    return sampling;
}

/* How many of the enabled actors yield, or do not. */
static int count_enabled(const struct view *view, bool yields) {
    int count = 0;
    for (int actor = 0; actor < view->count; actor++)
        count += view->actors[actor].enabled && view->actors[actor].yields == yields;
    return count;
}

/* The nth of them, n being less than that. */
static int nth_enabled(const struct view *view, bool yields, int n) {
    int actor = 0;
    while (!view->actors[actor].enabled || view->actors[actor].yields != yields || n-- > 0)
        actor++;
    return actor;
}

static int pick(void *worker, const struct view *view) {
    struct sampling *sampling = worker;
    int yielding = count_enabled(view, true), ready = view->enabled - yielding;
    bool yields = ready == 0 || (yielding > 0 && sampling_eager(sampling));
    int n = numbers_below(&sampling->numbers, yields ? yielding : ready);
    return nth_enabled(view, yields, n);
}

const struct strategy random_strategy = {
    .name = "random",
    .create = create,
    .attach = strategy_attach_search,
    .begin = sampling_begin,
    .pick = pick,
    .alternative = sampling_alternative,
    .step = strategy_step_ignore,
    .end = sampling_end,
    .left = sampling_left,
};
