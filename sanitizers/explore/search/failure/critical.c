/* SPDX-License-Identifier: MIT */
/*
 * The critical step of a failing schedule: the last decision after which the failure could not be
 * avoided any more (SimGrid's "critical transition").
 *
 * Theory of operation. The schedule itself is executed once, which shows the steps at which there
 * was anything to decide. A prefix of it is doomed if no continuation ends well. If a prefix is
 * doomed so is every longer one, so the longest that is not is found by bisection, and the decision
 * that follows it is the critical one. The shortest is asked first, as it settles the matter for a
 * failure that cannot be avoided at all, which most races are.
 *
 * Whether a prefix is doomed is asked in three phases. First, each decision that can follow it and
 * then no preemption: a failure that can be avoided is mostly avoided by letting somebody else
 * finish. Then depth first, which settles the question where little is left to run. Last, random
 * walks, as depth first varies only the far end of a long continuation. The last two have a budget:
 * a prefix that outlives it counts as doomed, so the answer may come out a step too early, never
 * too late.
 */
#include "explore/search/failure/critical.h"
#include "explore/search/order.h"
#include "explore/search/path/odometer.h"
#include "explore/search/random_numbers.h"

#include <string.h>

enum {
    CRITICAL_EXECUTIONS = 2000, /* unless told */
    CRITICAL_BUDGET = 64        /* executions of each of the last two phases */
};

enum critical_phase { PHASE_REPLAY, PHASE_EACH, PHASE_DEPTH, PHASE_RANDOM, PHASE_OVER };

struct critical {
    struct odometer odometer; /* of the continuation */
    const uint8_t *schedule;  /* pairs */
    int length;
    int *decisions; /* steps at which there was something to decide */
    int decision_count;
    int low, high; /* bisection in decisions: the prefix before this one is not doomed; is doomed */
    int middle;    /* and the one that is asked about */
    int64_t done, limit;
    int answer;

    enum critical_phase phase;
    int prefix;   /* steps that are prescribed */
    int attempts; /* executions of this phase */
    struct numbers numbers;

    int next; /* step */
};

static void *create(struct arena *shared, const struct search_config *config) {
    struct critical *critical = arena_new(shared, sizeof *critical);
    size_t length = (size_t)(config->schedule ? config->schedule_length : 0);
    uint8_t *schedule = arena_new(shared, 2 * length + 1);
    if (length)
        memcpy(schedule, config->schedule, 2 * length);
    critical->odometer = odometer_of(shared);
    critical->schedule = schedule;
    critical->length = critical->prefix = (int)length;
    critical->decisions = arena_new(shared, (length + 1) * sizeof *critical->decisions);
    critical->limit = config->executions > 0 ? config->executions : CRITICAL_EXECUTIONS;
    critical->answer = -1;
    critical->phase = length ? PHASE_REPLAY : PHASE_OVER;
    return critical;
}

static void *attach(void *search, struct arena *own) {
    (void)own;
    return search;
}

static enum begin begin(void *worker) {
    struct critical *critical = worker;
    if (critical->phase == PHASE_OVER)
        return BEGIN_OVER;
    odometer_begin(&critical->odometer);
    critical->numbers = numbers_of((uint64_t)critical->prefix, (uint64_t)critical->attempts);
    critical->next = 0;
    if (critical->phase == PHASE_REPLAY)
        critical->decision_count = 0;
    return BEGIN_RUN;
}

/* --- an execution ----------------------------------------------------------------------------- */

/* While the schedule is replayed: more than one thing was possible at this step. */
static void note_decision(struct critical *critical, int step) {
    int count = critical->decision_count;
    if (critical->phase == PHASE_REPLAY && (count == 0 || critical->decisions[count - 1] != step))
        critical->decisions[critical->decision_count++] = step;
}

static int choose(struct critical *critical, int kind, const uint8_t *things, int count) {
    if (critical->phase == PHASE_RANDOM)
        return things[numbers_below(&critical->numbers, count)];
    bool first = critical->next == critical->prefix + 1;
    return odometer_choose(&critical->odometer, kind, things,
                           critical->phase == PHASE_DEPTH || first ? count : 1);
}

static int pick(void *worker, const struct view *view) {
    struct critical *critical = worker;
    uint8_t actors[OP_ACTORS] = {0};
    int step = critical->next++, count = order_actors(view, actors);
    if (step >= critical->prefix)
        return choose(critical, DECISION_ACTOR, actors, count);
    int actor = critical->schedule[2 * (size_t)step];
    if (count > order_enabled(view, actor))
        note_decision(critical, step);
    return order_followed(view, actor) ? actor : PICK_DIVERGED;
}

static int alternative(void *worker, int n, enum choice kind) {
    struct critical *critical = worker;
    uint8_t alternatives[OP_ACTORS] = {0};
    int step = critical->next - 1;
    for (int i = 0; i < n; i++)
        alternatives[i] = (uint8_t)i;
    if (step >= critical->prefix)
        return choose(critical, (int)kind, alternatives, n);
    int recorded = critical->schedule[2 * (size_t)step + 1];
    if (n > 1)
        note_decision(critical, step);
    recorded = recorded == OP_ANY ? 0 : recorded;
    return recorded < n ? recorded : PICK_DIVERGED;
}

static void step(void *worker, const struct event *event) {
    (void)worker;
    (void)event;
}

/* --- between executions ----------------------------------------------------------------------- */

static void start_phase(struct critical *critical, enum critical_phase phase) {
    critical->phase = phase;
    critical->attempts = 0;
    odometer_clear(&critical->odometer);
}

/* On to the prefix in the middle between a doomed and another one; if none is left, that is it. */
static void bisect(struct critical *critical) {
    if (critical->high - critical->low == 1) {
        critical->answer = critical->low < 0 ? -1 : critical->decisions[critical->low];
        critical->phase = PHASE_OVER;
        return;
    }
    critical->middle = critical->low < 0 ? 0 : (critical->low + critical->high) / 2;
    critical->prefix = critical->decisions[critical->middle];
    start_phase(critical, PHASE_EACH);
}

static void settle(struct critical *critical, bool doomed) {
    *(doomed ? &critical->high : &critical->low) = critical->middle;
    bisect(critical);
}

/* This continuation failed: on to the next one. */
static void advance(struct critical *critical) {
    bool more = critical->phase == PHASE_RANDOM || odometer_advance(&critical->odometer);
    bool spent = ++critical->attempts == CRITICAL_BUDGET && critical->phase != PHASE_EACH;
    if (more && !spent)
        return;
    if (critical->phase == PHASE_EACH)
        start_phase(critical, PHASE_DEPTH);
    else if (critical->phase == PHASE_DEPTH && more)
        start_phase(critical, PHASE_RANDOM);
    else
        settle(critical, true);
}

/* The schedule itself was executed. If it does not fail no step of it is to blame. */
static void start(struct critical *critical, bool fails) {
    critical->low = -1;
    critical->high = critical->decision_count;
    critical->phase = PHASE_OVER;
    if (fails)
        bisect(critical);
}

static void end(void *worker, const struct view *view, enum ending ending) {
    (void)view;
    struct critical *critical = worker;
    if (ending == END_ABANDONED)
        return;
    if (critical->phase == PHASE_REPLAY)
        start(critical, ending == END_FOUND);
    else if (ending == END_COMPLETE)
        settle(critical, false);
    else
        advance(critical);
    if (++critical->done >= critical->limit)
        critical->phase = PHASE_OVER;
}

int critical_step(void *search) {
    const struct critical *critical = search;
    return critical->answer;
}

const struct strategy critical_strategy = {
    .name = "critical",
    .create = create,
    .attach = attach,
    .begin = begin,
    .pick = pick,
    .alternative = alternative,
    .step = step,
    .end = end,
};
