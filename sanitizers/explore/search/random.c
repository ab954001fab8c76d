/* SPDX-License-Identifier: MIT */
/*
 * A uniform random walk: at each step any of the enabled actors, at each choice any alternative.
 * The base line of the sampling strategies; short bugs fall to it, and it has no blind spot.
 */
#include "explore/search/sampling.h"

struct walk {
    struct sampling sampling;
};

static void *create(struct arena *shared, const struct search_config *config) {
    struct walk *walk = arena_new(shared, sizeof *walk);
    walk->sampling = sampling_of(config);
    return walk;
}

static void *attach(void *search, struct arena *own) {
    (void)own;
    return search;
}

static enum begin begin(void *worker) {
    struct walk *walk = worker;
    return sampling_begin(&walk->sampling);
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
    struct walk *walk = worker;
    int yielding = count_enabled(view, true), ready = view->enabled - yielding;
    bool yields = ready == 0 || (yielding > 0 && sampling_eager(&walk->sampling));
    int n = numbers_below(&walk->sampling.numbers, yields ? yielding : ready);
    return nth_enabled(view, yields, n);
}

static int alternative(void *worker, int n, enum choice kind) {
    (void)kind;
    struct walk *walk = worker;
    return numbers_below(&walk->sampling.numbers, n);
}

static void step(void *worker, const struct event *event) {
    (void)worker;
    (void)event;
}

static void end(void *worker, const struct view *view, enum ending ending) {
    (void)view;
    struct walk *walk = worker;
    sampling_end(&walk->sampling, ending);
}

static double left(void *search) {
    const struct walk *walk = search;
    return sampling_left(&walk->sampling);
}

const struct strategy strategy_random = {
    .name = "random",
    .create = create,
    .attach = attach,
    .begin = begin,
    .pick = pick,
    .alternative = alternative,
    .step = step,
    .end = end,
    .left = left,
};
