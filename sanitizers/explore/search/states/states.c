/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * Depth first through the graph of states. The path from the start to the state at hand is a stack of nodes, one
 * a state; each knows which of its steps was taken last. A step that leads to a state which is known ends the
 * execution; the next one goes on behind the deepest node that has a step left. The kernel brings the
 * process back there, or does the path again from main (strategy.h: kept, resume).
 *
 * Every step of every state is taken (but where one alone is enough), as who waits for ever is seen by the steps that there are: when the graph is
 * complete, fair cycles are looked for (cycles.h), and one that there is is shown.
 */
#include "explore/search/states/states.h"
#include "explore/search/order.h"
#include "explore/search/states/cycles.h"
#include "explore/search/states/graph.h"

struct states_node {
    uint32_t state;
    uint32_t actors; /* where the pool has those that could move, in the order in which they do */
    uint16_t count, taken; /* how many, and which one of them is at it */
    uint8_t alternative;   /* of its step */
    uint8_t alternatives;  /* 0: not yet asked */
    bool free;             /* the alternative is something that happens for nothing */
};

struct states {
    struct arena *arena;
    struct graph *graph;
    struct states_node *path;
    int length, capacity;
    uint8_t *pool;
    int pool_length, pool_capacity;
    int at;             /* steps of the execution at hand */
    uint32_t known;     /* the state that it came to if that was known, which is its end; else 0 */
    struct lasso lasso; /* if there is a fair cycle: shown last */
    bool resumed;       /* the kernel has gone back, and the next pick shall find what was there */
    bool searched, shows, over;
    bool strayed, diverged; /* this execution did other than it was meant to; an earlier one did */
};

static void *create(struct arena *shared, const struct search_config *config) {
    (void)config;
    struct states *states = arena_new(shared, sizeof *states);
    states->arena = shared;
    states->graph = graph_new(shared);
    return states;
}

static enum begin begin(void *worker) {
    struct states *states = worker;
    states->at = 0;
    states->known = 0;
    states->strayed = states->resumed = false;
    if (states->searched && !states->shows && !states->over) {
        states->lasso = cycles_find(states->graph);
        states->shows = states->lasso.length > 0;
        states->over = !states->shows;
    }
    return states->over ? BEGIN_OVER : states->shows ? BEGIN_SHOW : BEGIN_RUN;
}

static int kept(void *worker) {
    const struct states *states = worker;
    return states->shows ? -1 : states->length - 1;
}

static void resume(void *worker, int steps) {
    struct states *states = worker;
    states->at = steps;
    states->resumed = true;
}

/* The process is back in the state that the path says. */
static bool is_back(const struct states *states, const struct fingerprint *state) {
    const struct fingerprint *wanted =
        &graph_state(states->graph, states->path[states->at].state)->print;
    return wanted->low == state->low && wanted->high == state->high;
}

static struct states_node *top(struct states *states) {
    return &states->path[states->length - 1];
}

/* The step under way led there; 0: the execution is over. */
static void add_step(struct states *states, uint32_t to) {
    const struct states_node *node = top(states);
    struct graph_step *step = graph_add_step(states->graph, node->state);
    step->to = to;
    step->actor = states->pool[node->actors + node->taken];
    step->alternative = node->alternative;
    step->free = node->free;
}

/* Whoever's step commutes with all that others can do before it goes first, alone: what comes of another order is
 * the same (a persistent set of one; Godefroid, LNCS 1032). Such steps are on no cycle. */
static int possible(const struct view *view, uint8_t actors[OP_ACTORS]) {
    int count = order_actors(view, actors);
    for (int i = 0; i < count; i++)
        if (view->actors[actors[i]].first) {
            actors[0] = actors[i];
            return 1;
        }
    return count;
}

static void push(struct states *states, uint32_t state, const struct view *view) {
    uint8_t actors[OP_ACTORS];
    int count = possible(view, actors);
    states->path = arena_grow(states->arena, states->path, sizeof *states->path, &states->capacity,
                              states->length + 1);
    states->pool = arena_grow(states->arena, states->pool, 1, &states->pool_capacity,
                              states->pool_length + count);
    memcpy(states->pool + states->pool_length, actors, (size_t)count);
    states->path[states->length++] = (struct states_node){
        .state = state, .actors = (uint32_t)states->pool_length, .count = (uint16_t)count};
    states->pool_length += count;
}

/* Around several times: who judges an execution has to come by a state again to know it. */
enum { ROUNDS = 4 };

static int shown_length(const struct states *states) {
    const struct lasso *lasso = &states->lasso;
    return lasso->length + (ROUNDS - 1) * (lasso->length - lasso->stem);
}

/* What the step at hand is there: an actor, and an alternative. */
static const uint8_t *shown(const struct states *states) {
    const struct lasso *lasso = &states->lasso;
    int step = states->at;
    if (step >= lasso->length)
        step = lasso->stem + (step - lasso->stem) % (lasso->length - lasso->stem);
    return lasso->pairs + 2 * (ptrdiff_t)step;
}

static int show(const struct states *states, const struct view *view) {
    if (states->at == shown_length(states))
        return PICK_AROUND;
    int actor = shown(states)[0];
    return order_followed(view, actor) ? actor : PICK_DIVERGED;
}

static int pick(void *worker, const struct view *view) {
    struct states *states = worker;
    if (states->strayed || states->diverged)
        return PICK_DIVERGED;
    if (states->shows)
        return show(states, view);
    if (states->resumed && !is_back(states, &view->state))
        return PICK_DIVERGED;
    states->resumed = false;
    if (states->at == states->length) {
        bool fresh;
        uint32_t state = graph_find(states->graph, &view->state, &fresh);
        if (!fresh) {
            states->known = state; /* the step counts when the execution does */
            return PICK_REDUNDANT;
        }
        if (states->length > 0)
            add_step(states, state);
        push(states, state, view);
    }
    const struct states_node *node = &states->path[states->at];
    int actor = states->pool[node->actors + node->taken];
    return order_enabled(view, actor) ? actor : PICK_DIVERGED;
}

static int shown_alternative(const struct states *states, int n) {
    int alternative = shown(states)[1];
    return alternative < n ? alternative : PICK_DIVERGED;
}

static int alternative(void *worker, int n, enum choice kind) {
    struct states *states = worker;
    if (states->shows)
        return shown_alternative(states, n);
    struct states_node *node = &states->path[states->at];
    if (node->alternatives != 0 && node->alternatives != n)
        return PICK_DIVERGED;
    node->alternatives = (uint8_t)n;
    node->free = node->alternative > 0 &&
                 (kind == CHOICE_SPURIOUS || kind == CHOICE_TIMEOUT || kind == CHOICE_WEAK);
    return node->alternative;
}

static void step(void *worker, const struct event *event) {
    struct states *states = worker;
    uint8_t expected = states->shows ? shown(states)[1] : states->path[states->at].alternative;
    states->strayed |= event->alternative != expected;
    states->at++;
}

/* On to the next step of the deepest node that has one. */
static void advance(struct states *states) {
    while (states->length > 0) {
        struct states_node *node = top(states);
        if (node->alternative + 1 < node->alternatives) {
            node->alternative++;
            return;
        }
        node->alternative = node->alternatives = 0;
        node->free = false;
        if (++node->taken < node->count)
            return;
        states->pool_length -= node->count;
        states->length--;
    }
    states->searched = true;
}

/* Did it end where it went on before, or otherwise than it was meant to? */
static bool goes_astray(const struct states *states, enum ending ending) {
    if (states->shows && (ending == END_FOUND || ending == END_CUT))
        return false;
    int meant = states->shows ? shown_length(states) : states->length;
    bool unknown = ending == END_REDUNDANT && states->known == 0;
    return states->strayed || unknown || states->at < meant;
}

static void end(void *worker, const struct view *view, enum ending ending) {
    (void)view;
    struct states *states = worker;
    if (ending == END_ABANDONED)
        return;
    states->diverged |= goes_astray(states, ending); /* the next pick says so, as an end cannot */
    if (states->diverged)
        return;
    states->over = states->shows;
    if (states->shows)
        return;
    if (states->length > 0)
        add_step(states, states->known);
    advance(states);
}

static int around(void *worker) {
    const struct states *states = worker;
    return states->lasso.length + (ROUNDS - 2) * (states->lasso.length - states->lasso.stem);
}

static void size(void *search, int64_t *states, int64_t *steps) {
    const struct states *mine = search;
    *states = mine->graph->state_count;
    *steps = mine->graph->step_count;
}

const struct strategy states_strategy = {
    .name = "states",
    .exhaustive = true,
    .states = true,
    .create = create,
    .attach = strategy_attach_search,
    .begin = begin,
    .pick = pick,
    .alternative = alternative,
    .step = step,
    .end = end,
    .kept = kept,
    .resume = resume,
    .around = around,
    .size = size,
};
