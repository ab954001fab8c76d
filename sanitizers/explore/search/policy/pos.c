/* SPDX-License-Identifier: MIT */
/*
 * Partial order sampling (Yuan, Yang, Gu, CAV 2018), with reads-from constraints in every other
 * execution.
 *
 * Theory of operation. Each pending operation has a random priority, and the highest that is
 * enabled is executed. After that every pending operation that conflicts with it draws anew. So the
 * order of two conflicting operations is as good as a coin toss, whatever lies between them, and
 * the orders of independent ones, which make no difference, cost nothing: this samples partial
 * orders much more evenly than a random walk or random priorities of threads.
 *
 * What a coin toss cannot do is win against a hundred opponents: for these see forcing.c. A target
 * that does not come true must not stop anything: if all that are held or yield could go on and
 * nobody else, they do, and after some time the target is given up.
 */
#include "explore/search/policy/forcing.h"
#include "explore/search/policy/policies.h"
#include "explore/search/policy/sampling.h"

#include <string.h>

enum { POS_PATIENCE = 100 }; /* steps beyond twice the longest execution that a target is kept */

struct pos {
    struct sampling sampling;
    int longest; /* steps of the longest execution that ended by itself */
    /* Of the execution at hand. */
    int steps;
    struct event last;
    struct {
        uint32_t priority; /* of its pending operation */
        bool drawn;
        bool eager; /* a yield does not count */
        bool born;
    } actors[OP_ACTORS];
    struct forcing forcing;
};

static void *create(struct arena *shared, const struct search_config *config) {
    struct pos *pos = arena_new(shared, sizeof *pos);
    pos->sampling = sampling_of(config);
    return pos;
}

static enum begin begin(void *worker) {
    struct pos *pos = worker;
    if (sampling_begin(&pos->sampling) == BEGIN_OVER)
        return BEGIN_OVER;
    pos->steps = 0;
    memset(&pos->last, 0, sizeof pos->last);
    memset(pos->actors, 0, sizeof pos->actors);
    forcing_begin(&pos->forcing);
    if (pos->sampling.done % 2 == 1)
        forcing_draw(&pos->forcing, pos->sampling.done, &pos->sampling.numbers);
    return BEGIN_RUN;
}

/* Draws priorities for operations that are new, or conflict with the last one. */
static void draw(struct pos *pos, const struct view *view) {
    for (int actor = 0; actor < view->count; actor++) {
        const struct op *pending = view->actors[actor].pending;
        if (view->actors[actor].alive && !pos->actors[actor].born) {
            pos->actors[actor].born = true;
            forcing_birth(&pos->forcing, actor);
        }
        if (!pending ||
            (pos->steps > 0 && (actor == pos->last.actor || op_dependent(pending, &pos->last.op))))
            pos->actors[actor].drawn = false;
        if (!pending || pos->actors[actor].drawn)
            continue;
        pos->actors[actor].drawn = true;
        pos->actors[actor].priority = (uint32_t)(numbers_next(&pos->sampling.numbers) >> 32);
        pos->actors[actor].eager = sampling_eager(&pos->sampling);
    }
}

/* The actor's class counts first, then its operation's priority. */
static uint64_t rank(const struct pos *pos, const struct view *view, int actor) {
    bool waits = forcing_holds(&pos->forcing, actor, view->actors[actor].pending) ||
                 (view->actors[actor].yields && !pos->actors[actor].eager);
    return (uint64_t)!waits << 32 | pos->actors[actor].priority;
}

static int pick(void *worker, const struct view *view) {
    struct pos *pos = worker;
    draw(pos, view);
    int best = -1;
    uint64_t best_rank = 0;
    for (int actor = 0; actor < view->count; actor++) {
        uint64_t its = view->actors[actor].enabled ? rank(pos, view, actor) : 0;
        if (view->actors[actor].enabled && (best < 0 || its > best_rank)) {
            best = actor;
            best_rank = its;
        }
    }
    return best;
}

static void step(void *worker, const struct event *event) {
    struct pos *pos = worker;
    pos->last = *event;
    forcing_step(&pos->forcing, event);
    if (++pos->steps > 2 * pos->longest + POS_PATIENCE)
        pos->forcing.target = NULL;
}

static void end(void *worker, const struct view *view, enum ending ending) {
    struct pos *pos = worker;
    sampling_end(&pos->sampling, view, ending);
    if ((ending == END_COMPLETE || ending == END_FOUND) && pos->steps > pos->longest)
        pos->longest = pos->steps;
}

const struct strategy pos_strategy = {
    .name = "pos",
    .create = create,
    .attach = strategy_attach_search,
    .begin = begin,
    .pick = pick,
    .alternative = sampling_alternative,
    .step = step,
    .end = end,
    .left = sampling_left,
};
