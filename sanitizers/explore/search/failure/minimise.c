/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. A schedule that a search found is full of switches that have nothing to do
 * with the failure. Minimising is a descent: variants of the best schedule so far (variants.c) are
 * tried, the coarse ones first; one that fails in the same way at a lower cost becomes the best;
 * when a whole round of variants has brought nothing the best is a local minimum, and that is it.
 * As with delta debugging (Zeller and Hildebrandt, IEEE TSE 28, 2002) it is not always the global
 * one.
 *
 * A variant is followed as far as it goes: a decision for an actor that is not enabled is skipped,
 * and behind the end the schedule goes on without preemptions. So a variant never diverges, and
 * what counts is the schedule that was really executed: it is recorded, and it replays step by
 * step.
 */
#include "explore/search/failure/minimise.h"
#include "explore/search/failure/variants.h"
#include "explore/search/order.h"

enum { MINIMISE_TRIES = 500 }; /* unless told */

/* What people have to follow, the worst first. */
struct cost {
    int switches;
    int choices; /* that are not the usual one */
    int preemptions;
    int length;
};

struct minimise {
    struct arena *arena;
    struct plan best, variant, made; /* tried; executed */
    struct cost best_cost, cost;
    struct segments segments; /* of the best */
    uint8_t *pairs;           /* the best, for the caller */
    int pairs_length, pairs_capacity;

    /* Where we are in the round: this variant comes next. */
    enum variant kind;
    int at, size;
    bool improved; /* in this round */
    bool over;
    int tries, limit;
    uint64_t *tried; /* hashes of variants: limit of them */
    int tried_count;

    /* Of the execution at hand. */
    bool again; /* it was abandoned */
    int next;   /* item of the variant */
    uint8_t prescribed;
};

static int compare(const struct cost *a, const struct cost *b) {
    if (a->switches != b->switches)
        return a->switches - b->switches;
    if (a->choices != b->choices)
        return a->choices - b->choices;
    if (a->preemptions != b->preemptions)
        return a->preemptions - b->preemptions;
    return a->length - b->length;
}

static void publish(struct minimise *minimise) {
    const struct plan *best = &minimise->best;
    if (best->length > minimise->pairs_capacity) {
        minimise->pairs = arena_new(minimise->arena, 2 * (size_t)best->length);
        minimise->pairs_capacity = best->length;
    }
    minimise->pairs_length = best->length;
    uint8_t *pair = minimise->pairs;
    for (int i = 0; i < best->length; i++) {
        *pair++ = best->items[i].actor;
        *pair++ = best->items[i].alternative;
    }
}

static void *create(struct arena *shared, const struct search_config *config) {
    struct minimise *minimise = arena_new(shared, sizeof *minimise);
    minimise->arena = shared;
    minimise->limit = config->executions > 0 && config->executions < INT32_MAX
                          ? (int)config->executions
                          : MINIMISE_TRIES;
    minimise->tried = arena_new(shared, (size_t)minimise->limit * sizeof *minimise->tried);
    minimise->best = minimise->variant = minimise->made = plan_of(shared);
    minimise->segments.arena = shared;
    const uint8_t *pairs = config->schedule;
    for (int i = 0; i < config->schedule_length; i++, pairs += 2) {
        struct item item = {pairs[0], pairs[1] == OP_ANY ? 0 : pairs[1], false};
        plan_add(&minimise->best, item);
        plan_add(&minimise->variant, item); /* the first try is the schedule itself */
    }
    minimise->best_cost.switches = INT32_MAX;
    publish(minimise);
    return minimise;
}

static void *attach(void *search, struct arena *own) {
    (void)own;
    return search;
}

/* --- which variant comes next ----------------------------------------------------------------- */

static bool by_size(enum variant kind) {
    return kind == VARIANT_GROUP || kind == VARIANT_DROP;
}

static void start_kind(struct minimise *minimise, enum variant kind) {
    minimise->kind = kind;
    minimise->at = 0;
    minimise->size = by_size(kind) ? minimise->segments.count : 1;
}

/* Back into the round's bounds: halve the window, go on to the next kind. False: the round is over.
 * */
static bool settle(struct minimise *minimise) {
    for (;;) {
        int end =
            minimise->kind == VARIANT_PLAIN ? minimise->best.length : minimise->segments.count;
        if (minimise->size > 0 && minimise->at < end)
            return true;
        if (by_size(minimise->kind) && minimise->size > 1) {
            minimise->size /= 2;
            minimise->at = 0;
        } else if (minimise->kind + 1 < VARIANT_COUNT) {
            start_kind(minimise, minimise->kind + 1);
        } else {
            return false;
        }
    }
}

/* FNV-1a. */
static uint64_t hash(const struct plan *schedule) {
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (int i = 0; i < schedule->length; i++) {
        const struct item *item = &schedule->items[i];
        unsigned bits =
            (unsigned)item->actor << 9 | (unsigned)item->alternative << 1 | item->goes_on;
        h = (h ^ bits) * UINT64_C(0x100000001b3);
    }
    return h;
}

/* Is the variant new? Notes it. */
static bool is_new(struct minimise *minimise) {
    uint64_t h = hash(&minimise->variant);
    for (int i = 0; i < minimise->tried_count; i++)
        if (minimise->tried[i] == h)
            return false;
    minimise->tried[minimise->tried_count++] = h;
    return true;
}

static void vary(struct minimise *minimise) {
    int rest = minimise->segments.count - minimise->at;
    int size = minimise->size < rest || minimise->kind == VARIANT_PLAIN ? minimise->size : rest;
    variants_make(&minimise->best, &minimise->segments, minimise->kind, minimise->at, size,
                  &minimise->variant);
    minimise->at += minimise->size;
}

/* Makes the next variant that is worth a try. False: there is none. */
static bool next_variant(struct minimise *minimise) {
    if (minimise->tries == minimise->limit)
        return false;
    do {
        if (!settle(minimise)) {
            if (!minimise->improved)
                return false;
            minimise->improved = false;
            start_kind(minimise, VARIANT_GROUP);
            continue;
        }
        vary(minimise);
    } while (!is_new(minimise));
    return true;
}

/* --- an execution ----------------------------------------------------------------------------- */

static enum begin begin(void *worker) {
    struct minimise *minimise = worker;
    if (minimise->tries > 0 && !minimise->again && !minimise->over)
        minimise->over = !next_variant(minimise);
    minimise->made.length = 0;
    minimise->cost = (struct cost){0};
    minimise->next = 0;
    return minimise->over ? BEGIN_OVER : BEGIN_RUN;
}

/* What the variant says, as far as it can be followed. */
static int follow(struct minimise *minimise, const struct view *view) {
    for (; minimise->next < minimise->variant.length; minimise->next++) {
        struct item item = minimise->variant.items[minimise->next];
        if (item.goes_on ? !order_enabled(view, item.actor) || view->actors[item.actor].yields
                         : !order_followed(view, item.actor))
            continue;
        minimise->prescribed = item.alternative;
        minimise->next += !item.goes_on;
        return item.actor;
    }
    minimise->prescribed = 0;
    return order_first(view);
}

static int pick(void *worker, const struct view *view) {
    struct minimise *minimise = worker;
    int actor = follow(minimise, view);
    if (view->current >= 0 && actor != view->current) {
        minimise->cost.switches++;
        minimise->cost.preemptions += order_goes_on(view);
    }
    plan_add(&minimise->made, (struct item){.actor = (uint8_t)actor});
    return actor;
}

static int alternative(void *worker, int n, enum choice kind) {
    (void)kind;
    struct minimise *minimise = worker;
    int chosen = minimise->prescribed < n ? minimise->prescribed : 0;
    minimise->made.items[minimise->made.length - 1].alternative = (uint8_t)chosen;
    minimise->cost.choices += chosen != 0;
    return chosen;
}

static void step(void *worker, const struct event *event) {
    (void)worker;
    (void)event;
}

/* The executed schedule becomes the best; what is left of the round goes on with it. */
static void improve(struct minimise *minimise) {
    struct plan old = minimise->best;
    minimise->best = minimise->made;
    minimise->made = old;
    minimise->best_cost = minimise->cost;
    plan_segments(&minimise->segments, &minimise->best);
    publish(minimise);
    if (minimise->tries == 0)
        start_kind(minimise, VARIANT_GROUP);
    else
        minimise->at -= minimise->size; /* where another part may be now */
    minimise->improved = minimise->tries > 0;
}

/* If the schedule itself does not fail there is nothing to be minimised. */
static void end(void *worker, const struct view *view, enum ending ending) {
    (void)view;
    struct minimise *minimise = worker;
    minimise->again = ending == END_ABANDONED;
    if (minimise->again)
        return;
    minimise->cost.length = minimise->made.length;
    if (ending == END_FOUND && compare(&minimise->cost, &minimise->best_cost) < 0)
        improve(minimise);
    else if (minimise->tries == 0)
        minimise->over = true;
    minimise->tries++;
}

int minimise_best(void *search, const uint8_t **pairs) {
    const struct minimise *minimise = search;
    *pairs = minimise->pairs;
    return minimise->pairs_length;
}

const struct strategy minimise_strategy = {
    .name = "minimise",
    .create = create,
    .attach = attach,
    .begin = begin,
    .pick = pick,
    .alternative = alternative,
    .step = step,
    .end = end,
};
