/* SPDX-License-Identifier: MIT */
/*
 * Preemption-bounded search (Musuvathi and Qadeer, "Iterative context bounding", PLDI 2007): depth
 * first, but only schedules with at most so many preemptions. Most bugs need one or two, and with a
 * fixed bound the number of schedules grows polynomially with the length of the program, not
 * exponentially.
 *
 * A preemption takes the turn from an actor that could go on and did not yield. Who picks one that
 * yields while another is ready, or the same yielding one again while others can go, pays the same
 * price: otherwise a spin loop would unroll for free without end.
 */
#include "explore/search/order.h"
#include "explore/search/path/descent.h"
#include "explore/search/policy/policies.h"

enum { BOUND_DEFAULT = 2 };

struct bound {
    struct descent descent;
    int bound;
    int spent; /* preemptions in this execution */
};

static void *create(struct arena *shared, const struct search_config *config) {
    struct bound *bound = arena_new(shared, sizeof *bound);
    bound->descent = descent_of(shared);
    bound->bound = config->bound > 0 ? config->bound : config->bound < 0 ? 0 : BOUND_DEFAULT;
    return bound;
}

static enum begin begin(void *worker) {
    struct bound *bound = worker;
    bound->spent = 0;
    return descent_begin(&bound->descent);
}

/* Does it cost a preemption to pick `actor`, where `first` is the first in order? */
static bool costs(const struct view *view, int actor, int first) {
    if (order_goes_on(view))
        return actor != view->current;
    if (!view->actors[actor].yields)
        return false;
    return !view->actors[first].yields || (actor == view->current && actor != first);
}

static int pick(void *worker, const struct view *view) {
    struct bound *bound = worker;
    uint8_t actors[OP_ACTORS] = {0}; /* one at least is enabled */
    int count = order_actors(view, actors), first = actors[0], affordable = 0;
    for (int i = 0; i < count; i++)
        if (bound->spent < bound->bound || !costs(view, actors[i], first))
            actors[affordable++] = actors[i]; /* the first is always free */
    int actor = odometer_choose(&bound->descent.odometer, DECISION_ACTOR, actors, affordable);
    bound->spent += actor >= 0 && costs(view, actor, first);
    return actor;
}

const struct strategy bound_strategy = {
    .name = "bound",
    .create = create,
    .attach = strategy_attach_search,
    .begin = begin,
    .pick = pick,
    .alternative = descent_alternative,
    .step = strategy_step_ignore,
    .end = descent_end,
    .left = descent_left,
};
