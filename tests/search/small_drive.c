/* SPDX-License-Identifier: MIT */
#include "tests/search/small_drive.h"

#include <string.h>

enum { DEPTH = 256, PATIENCE = 20000, WORKERS = 4 };

/* One worker's. */
struct kernel {
    const struct small_graph *graph;
    void *worker;
    struct driven *driven; /* by all of them */
    uint64_t random;       /* 0: nothing is abandoned */
    struct actor_view actors[SMALL_ACTORS];
    int states[DEPTH]; /* of the execution at hand, and of the last one */
    uint8_t pairs[2 * DEPTH];
    int at, reached; /* steps; states that can be had again; -1: none can */
    bool shows, runs, over;
};

static const struct strategy *const strategy = &states_strategy;

static void fail(struct kernel *kernel, const char *fault) {
    if (kernel->driven->fault == NULL)
        kernel->driven->fault = fault;
}

/* Not told what the state is: in a cycle that is shown. */
static struct view look(struct kernel *kernel, bool told) {
    int state = kernel->states[kernel->at];
    struct view view = {.actors = kernel->actors,
                        .count = SMALL_ACTORS,
                        .current = kernel->at > 0 ? kernel->pairs[2 * kernel->at - 2] : -1};
    for (int actor = 0; actor < SMALL_ACTORS; actor++) {
        bool enabled = kernel->graph->moves[state][actor].count > 0;
        kernel->actors[actor] = (struct actor_view){.enabled = enabled,
                                                    .alive = true,
                                                    .yields = enabled && (state + actor) % 3 == 0,
                                                    .enabled_by = -1};
        view.enabled += enabled;
    }
    if (told)
        view.state = (struct fingerprint){(uint64_t)state % 2 << 60, (uint64_t)state};
    return view;
}

static bool abandons(struct kernel *kernel, int n) {
    return kernel->random != 0 && !kernel->shows && small_below(&kernel->random, n) == 0;
}

static bool is_choice(const struct small_move *move) {
    return move->count > 1;
}

/* One step of that actor; END_REDUNDANT: the execution goes on. */
static enum ending make_step(struct kernel *kernel, int actor) {
    const struct small_move *move = &kernel->graph->moves[kernel->states[kernel->at]][actor];
    int alternative = 0;
    if (abandons(kernel, 24))
        return END_ABANDONED;
    if (is_choice(move))
        alternative = strategy->alternative(kernel->worker, move->count, move->kind);
    if (alternative < 0 || alternative >= move->count) {
        fail(kernel, "there is no such alternative");
        return END_FOUND;
    }
    if (abandons(kernel, 24))
        return END_ABANDONED;
    struct event event = {.actor = (uint8_t)actor, .alternative = (uint8_t)alternative};
    strategy->step(kernel->worker, &event);
    kernel->pairs[2 * kernel->at] = (uint8_t)actor;
    kernel->pairs[2 * kernel->at + 1] = (uint8_t)alternative;
    kernel->states[++kernel->at] = move->to[alternative];
    kernel->reached = kernel->at;
    if (kernel->at + 1 == DEPTH)
        fail(kernel, "it goes on and on");
    return kernel->states[kernel->at] == 0 || kernel->at + 1 == DEPTH ? END_FOUND : END_REDUNDANT;
}

static void judge_around(struct kernel *kernel) {
    struct lasso lasso = {kernel->pairs, kernel->at, strategy->around(kernel->worker), 1};
    if (!kernel->shows)
        fail(kernel, "a cycle, and none was to be shown");
    else if (small_lasso_fault(kernel->graph, &lasso) != NULL)
        fail(kernel, small_lasso_fault(kernel->graph, &lasso));
    kernel->driven->shown = true;
}

/* One step from where it is. False: that was its end. */
static bool goes_on(struct kernel *kernel, enum ending *ending) {
    struct view view = look(kernel, !kernel->shows);
    *ending = END_COMPLETE;
    if (view.enabled == 0)
        return false;
    *ending = END_ABANDONED;
    if (abandons(kernel, 24))
        return false;
    int actor = strategy->pick(kernel->worker, &view);
    *ending = actor == PICK_REDUNDANT ? END_REDUNDANT : END_FOUND;
    if (actor == PICK_AROUND) {
        judge_around(kernel);
        return false;
    }
    if (actor == PICK_REDUNDANT)
        return false;
    if (actor < 0 || actor >= SMALL_ACTORS || !kernel->actors[actor].enabled) {
        fail(kernel, "a pick that cannot be");
        return false;
    }
    *ending = make_step(kernel, actor);
    return *ending == END_REDUNDANT;
}

static void set_out(struct kernel *kernel, bool goes_back) {
    int kept = kernel->shows ? -1 : strategy->kept(kernel->worker);
    bool back = goes_back && kept >= 0 && kept <= kernel->reached;
    if (back)
        strategy->resume(kernel->worker, kept);
    kernel->driven->resumed += back;
    kernel->at = kernel->reached = back ? kept : 0;
    kernel->states[0] = 1;
    kernel->runs = true;
}

static void finish(struct kernel *kernel, void *search, struct arena *arena, enum ending ending) {
    if (abandons(kernel, 6))
        ending = END_ABANDONED;
    bool abandoned = ending == END_ABANDONED;
    kernel->driven->abandoned += abandoned;
    kernel->driven->executions += !abandoned;
    struct view view = look(kernel, false);
    strategy->end(kernel->worker, &view, ending);
    kernel->runs = false;
    if (!abandoned || small_below(&kernel->random, 2) != 0)
        return;
    kernel->reached = -1; /* the worker vanishes */
    kernel->worker = strategy->attach(search, arena);
}

static void take_turn(struct kernel *kernel, void *search, struct arena *arena, bool goes_back) {
    enum ending ending;
    if (kernel->runs) {
        if (!goes_on(kernel, &ending))
            finish(kernel, search, arena, ending);
        return;
    }
    enum begin begin = strategy->begin(kernel->worker);
    if (kernel->shows && begin != BEGIN_OVER && kernel->driven->shown)
        fail(kernel, "it goes on after the cycle");
    kernel->shows = begin == BEGIN_SHOW;
    kernel->over = begin == BEGIN_OVER;
    kernel->driven->waited += begin == BEGIN_WAIT;
    if (begin == BEGIN_RUN || begin == BEGIN_SHOW)
        set_out(kernel, goes_back);
}

static bool are_over(const struct kernel *kernels, int count) {
    bool over = true;
    for (int i = 0; i < count; i++)
        over &= kernels[i].over;
    return over;
}

struct driven small_drive(const struct small_graph *graph, struct arena *arena,
                          const struct drive_options *options) {
    struct driven driven = {0};
    struct kernel kernels[WORKERS];
    const struct search_config config = {0};
    int count = options->workers > 0 ? options->workers : 1;
    uint64_t turns = options->turns;
    void *search = strategy->create(arena, &config);
    for (int i = 0; i < count; i++)
        kernels[i] = (struct kernel){.graph = graph,
                                     .driven = &driven,
                                     .random = options->abandon,
                                     .reached = -1,
                                     .worker = strategy->attach(search, arena)};
    for (int turn = 0; driven.fault == NULL && !are_over(kernels, count); turn++) {
        struct kernel *kernel = &kernels[count == 1 ? 0 : small_below(&turns, count)];
        if (!kernel->over)
            take_turn(kernel, search, arena, options->goes_back);
        if (turn > PATIENCE * count)
            fail(kernel, "it does not come to an end");
    }
    strategy->size(search, &driven.states, &driven.steps);
    return driven;
}
