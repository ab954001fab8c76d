/* SPDX-License-Identifier: MIT */
/*
 * Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010).
 *
 * Theory of operation. Each actor has a random priority, and the highest that is enabled runs. At
 * d-1 random steps of the execution the actor about to run falls to a low priority, the i-th of
 * them to the i-th lowest. A bug that takes d ordering constraints is found by one execution of n
 * actors and k steps with a probability of at least 1 / (n k^(d-1)). Neither n nor k need be known
 * exactly: random numbers are as good as a permutation of n, and k is the longest execution that
 * ended so far.
 *
 * Strict priorities starve whoever waits for a spin loop of higher priority to end, so a yield
 * lowers its actor: the first time below all fresh ones, though still above those fallen at a
 * change point (a sleep may well end before them), then below everybody.
 */
#include "explore/search/policy/policies.h"
#include "explore/search/policy/sampling.h"

#include <string.h>

enum {
    PCT_DEPTH = 3,       /* unless told */
    PCT_CHANGES = 63,    /* at most: d-1 */
    PCT_FIRST_STEPS = 64 /* k before anything ran */
};

/* Priorities, from low to high; the level is the upper half, the lower half orders within it. */
enum level { LEVEL_NONE, LEVEL_LAST, LEVEL_CHANGED, LEVEL_YIELDED, LEVEL_FRESH };

struct pct {
    struct sampling sampling;
    int changes; /* d-1 */
    int longest; /* k */
    /* Of the execution at hand. */
    int steps;
    uint32_t yields; /* so many were lowered: the next goes below them */
    int change_at[PCT_CHANGES];
    uint64_t priority[OP_ACTORS]; /* 0: not drawn yet */
};

static void *create(struct arena *shared, const struct search_config *config) {
    struct pct *pct = arena_new(shared, sizeof *pct);
    int depth = config->bound > 0 ? config->bound : PCT_DEPTH;
    pct->sampling = sampling_of(config);
    pct->changes = depth - 1 < PCT_CHANGES ? depth - 1 : PCT_CHANGES;
    return pct;
}

static enum begin begin(void *worker) {
    struct pct *pct = worker;
    if (sampling_begin(&pct->sampling) == BEGIN_OVER)
        return BEGIN_OVER;
    pct->steps = 0;
    pct->yields = 0;
    memset(pct->priority, 0, sizeof pct->priority);
    int steps = pct->longest > 0 ? pct->longest : PCT_FIRST_STEPS;
    for (int i = 0; i < pct->changes; i++)
        pct->change_at[i] = numbers_below(&pct->sampling.numbers, steps);
    return BEGIN_RUN;
}

static uint64_t priority(enum level level, uint32_t within) {
    return (uint64_t)level << 32 | within;
}

static enum level level(const struct pct *pct, int actor) {
    return (enum level)(pct->priority[actor] >> 32);
}

static void lower_yielding(struct pct *pct, int actor) {
    enum level to = level(pct, actor) == LEVEL_FRESH ? LEVEL_YIELDED : LEVEL_LAST;
    pct->priority[actor] = priority(to, UINT32_MAX - pct->yields++);
}

static int highest(struct pct *pct, const struct view *view) {
    int best = -1;
    for (int actor = 0; actor < view->count; actor++) {
        if (!view->actors[actor].enabled)
            continue;
        if (pct->priority[actor] == 0)
            pct->priority[actor] =
                priority(LEVEL_FRESH, (uint32_t)(numbers_next(&pct->sampling.numbers) >> 32));
        if (best < 0 || pct->priority[actor] > pct->priority[best])
            best = actor;
    }
    return best;
}

static int pick(void *worker, const struct view *view) {
    struct pct *pct = worker;
    if (view->current >= 0 && view->actors[view->current].yields)
        lower_yielding(pct, view->current);
    for (int i = 0; i < pct->changes; i++)
        if (pct->change_at[i] == pct->steps)
            pct->priority[highest(pct, view)] = priority(LEVEL_CHANGED, (uint32_t)i);
    pct->steps++;
    return highest(pct, view);
}

/* One that was cut off says nothing of how long executions are. */
static void end(void *worker, const struct view *view, enum ending ending) {
    struct pct *pct = worker;
    sampling_end(&pct->sampling, view, ending);
    if ((ending == END_COMPLETE || ending == END_FOUND) && pct->steps > pct->longest)
        pct->longest = pct->steps;
}

const struct strategy pct_strategy = {
    .name = "pct",
    .create = create,
    .attach = strategy_attach_search,
    .begin = begin,
    .pick = pick,
    .alternative = sampling_alternative,
    .step = strategy_step_ignore,
    .end = end,
    .left = sampling_left,
};
