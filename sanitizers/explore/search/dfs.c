/* SPDX-License-Identifier: MIT */
/*
 * Depth-first search without any reduction: every interleaving, every alternative. Slow and
 * obviously right, it is what the reduced search is compared with.
 */
#include "explore/search/odometer.h"
#include "explore/search/order.h"

struct dfs {
    struct odometer odometer;
    double left;
    bool over;
};

static void *create(struct arena *shared, const struct search_config *config) {
    (void)config;
    struct dfs *dfs = arena_new(shared, sizeof *dfs);
    dfs->odometer = odometer_of(shared);
    dfs->left = -1;
    return dfs;
}

static void *attach(void *search, struct arena *own) {
    (void)own;
    return search;
}

static enum begin begin(void *worker) {
    struct dfs *dfs = worker;
    if (dfs->over)
        return BEGIN_OVER;
    odometer_begin(&dfs->odometer);
    return BEGIN_RUN;
}

static int pick(void *worker, const struct view *view) {
    struct dfs *dfs = worker;
    uint8_t actors[OP_ACTORS];
    int count = order_actors(view, actors);
    return odometer_choose(&dfs->odometer, DECISION_ACTOR, actors, count);
}

static int alternative(void *worker, int n, enum choice kind) {
    struct dfs *dfs = worker;
    return odometer_choose_number(&dfs->odometer, (int)kind, n);
}

static void step(void *worker, const struct event *event) {
    (void)worker;
    (void)event;
}

static void end(void *worker, const struct view *view, enum ending ending) {
    (void)view;
    struct dfs *dfs = worker;
    if (ending == END_ABANDONED)
        return;
    dfs->left = odometer_left(&dfs->odometer);
    dfs->over = !odometer_advance(&dfs->odometer);
}

static double left(void *search) {
    const struct dfs *dfs = search;
    return dfs->left;
}

const struct strategy strategy_dfs = {
    .name = "dfs",
    .exhaustive = true,
    .create = create,
    .attach = attach,
    .begin = begin,
    .pick = pick,
    .alternative = alternative,
    .step = step,
    .end = end,
    .left = left,
};
