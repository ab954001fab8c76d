/* SPDX-License-Identifier: MIT */
/*
 * Depth-first search without any reduction: every interleaving, every alternative. Slow and
 * obviously right, it is what the reduced search is compared with.
 */
#include "explore/search/order.h"
#include "explore/search/path/descent.h"
#include "explore/search/policy/policies.h"

static void *create(struct arena *shared, const struct search_config *config) {
    (void)config;
    struct descent *descent = arena_new(shared, sizeof *descent);
    *descent = descent_of(shared);
    return descent;
}

static int pick(void *worker, const struct view *view) {
    struct descent *descent = worker;
    uint8_t actors[OP_ACTORS];
    int count = order_actors(view, actors);
    return odometer_choose(&descent->odometer, DECISION_ACTOR, actors, count);
}

const struct strategy dfs_strategy = {
    .name = "dfs",
    .exhaustive = true,
    .create = create,
    .attach = strategy_attach_search,
    .begin = descent_begin,
    .pick = pick,
    .alternative = descent_alternative,
    .step = strategy_step_ignore,
    .end = descent_end,
    .left = descent_left,
};
