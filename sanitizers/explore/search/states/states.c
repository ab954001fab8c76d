/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * Depth first through the graph of states. The path from the start to the state at hand is a stack of nodes, one
 * a state; each knows which of its steps was taken last (trail.h). A step that leads to a state which is known ends the
 * execution; the next one goes on behind the deepest node that has a step left. The kernel brings the
 * process back there, or does the path again from main (strategy.h: kept, resume).
 *
 * Workers share the graph. Who comes to a state first takes its steps; to all others it is known. So each
 * step is taken once, by whomsoever, and the graph comes out the same but for its numbers. A worker that has
 * nothing to do asks (`hungry`), and whoever ends an execution next gives it half of what is left along its
 * trail, the part that begins earlier; it does the path there from main.
 * Between two executions a trail is nobody's: its worker may vanish, and another take it.
 *
 * Every step of every state is taken (but where one alone is enough), as who waits for ever is seen by the steps that there are: when the graph is
 * complete, fair cycles are looked for by one worker (cycles.h), and one that there is is shown.
 */
#include "explore/search/states/states.h"
#include "explore/search/order.h"
#include "explore/search/states/cycles.h"
#include "explore/search/states/graph.h"
#include "explore/search/states/trail.h"

/* What all workers share. */
struct states {
    struct arena *arena;
    struct graph *graph;
    struct trail *trails; /* those that are not at their end */
    uint32_t workers;     /* so far */
    bool hungry;          /* some worker has nothing to do */
    uint32_t *roots;      /* the state behind each beginning; 0: not come to, or not ours */
    int root_count, root_capacity;
    struct lasso lasso; /* if there is a fair cycle: shown last */
    bool judged;        /* fair cycles were looked for */
    bool last;          /* somebody looks for cycles, or shows one */
    bool over;
    bool diverged; /* an execution did other than it was meant to */
};

struct states_worker {
    struct states *all;
    struct trail *trail; /* of the execution at hand, or the last one */
    uint32_t id;
    int at;         /* steps of the execution at hand */
    uint32_t known; /* the state that it came to if that was known, which is its end; else 0 */
    bool resumed;   /* the kernel has gone back, and the next pick shall find what was there */
    bool shows;     /* the cycle */
    bool strayed;   /* this execution did other than it was meant to */
};

static void add_trail(struct states *states, struct trail *trail) {
    trail->next = states->trails;
    states->trails = trail;
}

void states_add_root(void *search, int root) {
    struct states *states = search;
    struct trail *trail = trail_new(states->arena);
    trail->root = root;
    add_trail(states, trail);
    if (root >= states->root_count)
        states->root_count = root + 1;
    states->roots = arena_grow(states->arena, states->roots, sizeof *states->roots,
                               &states->root_capacity, states->root_count);
}

static void *create(struct arena *shared, const struct search_config *config) {
    struct states *states = arena_new(shared, sizeof *states);
    states->arena = shared;
    states->graph = graph_new(shared);
    if (config->shards == 0)
        states_add_root(states, 0);
    return states;
}

static void *attach(void *search, struct arena *own) {
    struct states_worker *worker = arena_new(own, sizeof *worker);
    worker->all = search;
    worker->id = __atomic_add_fetch(&worker->all->workers, 1, __ATOMIC_RELAXED);
    return worker;
}

/* --- begin --- */

/* The one that this worker was at, if it is there; else any that nobody is at. */
static struct trail *take_trail(const struct states_worker *mine) {
    struct trail *any = NULL;
    for (struct trail *trail = mine->all->trails; trail != NULL; trail = trail->next) {
        if (trail->taken)
            continue;
        if (trail->by == mine->id)
            return trail;
        any = trail;
    }
    return any;
}

static enum begin begin_trail(struct states_worker *mine) {
    struct trail *trail = take_trail(mine);
    mine->all->hungry |= trail == NULL;
    if (trail == NULL)
        return BEGIN_WAIT;
    trail->taken = true;
    mine->trail = trail;
    return BEGIN_RUN;
}

/* All have come to their end, so nobody changes the graph. */
static void judge(struct states *states) {
    arena_unlock(states->arena);
    struct lasso lasso =
        cycles_find(states->graph, &(struct roots){states->roots, states->root_count});
    arena_lock(states->arena);
    states->lasso = lasso;
    states->judged = true;
    states->over = lasso.length == 0;
}

static enum begin begin_last(struct states_worker *mine) {
    struct states *states = mine->all;
    if (states->over)
        return BEGIN_OVER;
    if (states->last)
        return BEGIN_WAIT;
    states->last = true;
    if (!states->judged)
        judge(states);
    mine->shows = !states->over;
    return mine->shows ? BEGIN_SHOW : BEGIN_OVER;
}

static enum begin begin(void *worker) {
    struct states_worker *mine = worker;
    mine->at = 0;
    mine->known = 0;
    mine->strayed = mine->resumed = mine->shows = false;
    arena_lock(mine->all->arena);
    enum begin begin = mine->all->trails != NULL ? begin_trail(mine) : begin_last(mine);
    arena_unlock(mine->all->arena);
    return begin;
}

int states_root(const void *worker) {
    const struct states_worker *mine = worker;
    const struct states *states = mine->all;
    int root = 0;
    if (!mine->shows)
        return mine->trail->root;
    while (states->roots[root] != states->lasso.first)
        root++;
    return root;
}

/* Only if nobody else has gone it since. */
static int kept(void *worker) {
    const struct states_worker *mine = worker;
    return mine->shows || mine->trail->by != mine->id ? -1 : mine->trail->length - 1;
}

static void resume(void *worker, int steps) {
    struct states_worker *mine = worker;
    mine->at = steps;
    mine->resumed = true;
}

/* --- the execution --- */

/* The process is in the state that the path says. (Asked only where it went back: what functions leave in variables that
 * they do not set may differ where it came from main.) */
static bool is_back(const struct states_worker *mine, const struct fingerprint *state) {
    const struct fingerprint *wanted =
        &graph_state(mine->all->graph, mine->trail->path[mine->at].state)->print;
    return wanted->low == state->low && wanted->high == state->high;
}

/* The step under way led there; 0: the execution is over. */
static void add_step(const struct states_worker *mine, uint32_t to) {
    const struct trail_node *node = trail_top(mine->trail);
    struct graph_step *step = graph_add_step(mine->all->graph, node->state);
    step->to = to;
    step->actor = trail_actor(mine->trail, node);
    step->alternative = node->alternative;
    step->free = node->free || node->assumed;
    step->value = node->value;
}

/* Whoever's step commutes with all that others can do before it goes first, alone: what comes of another order is
 * the same (a persistent set of one; Godefroid, LNCS 1032). Such steps are on no cycle. Of several it is the same
 * one on whatever way the state was come to. */
static int possible(const struct view *view, uint8_t actors[OP_ACTORS]) {
    for (int actor = 0; actor < view->count; actor++)
        if (view->actors[actor].enabled && view->actors[actor].first) {
            actors[0] = (uint8_t)actor;
            return 1;
        }
    return order_actors(view, actors);
}

/* The execution has come to a state. False: that is known. */
static bool come_to(struct states_worker *mine, const struct view *view) {
    struct states *states = mine->all;
    uint8_t actors[OP_ACTORS];
    int count = possible(view, actors);
    bool fresh;
    arena_lock(states->arena);
    uint32_t state = graph_find(states->graph, &view->state, &fresh);
    if (mine->trail->length == 0)
        states->roots[mine->trail->root] = state;
    if (!fresh) {
        mine->known = state; /* the step counts when the execution does */
    } else {
        if (mine->trail->length > 0)
            add_step(mine, state);
        trail_push(states->arena, mine->trail, state, actors, count);
        trail_top(mine->trail)->assumed = view->assumed;
    }
    arena_unlock(states->arena);
    return fresh;
}

/* Around several times: who judges an execution has to come by a state again to know it. */
enum { ROUNDS = 4 };

static int shown_length(const struct states_worker *mine) {
    const struct lasso *lasso = &mine->all->lasso;
    return lasso->length + (ROUNDS - 1) * (lasso->length - lasso->stem);
}

/* What the step at hand is there: an actor, and an alternative. */
static const uint8_t *shown(const struct states_worker *mine) {
    const struct lasso *lasso = &mine->all->lasso;
    int step = mine->at;
    if (step >= lasso->length)
        step = lasso->stem + (step - lasso->stem) % (lasso->length - lasso->stem);
    return lasso->pairs + 2 * (ptrdiff_t)step;
}

static int show(const struct states_worker *mine, const struct view *view) {
    if (mine->at == shown_length(mine))
        return PICK_AROUND;
    int actor = shown(mine)[0];
    return order_followed(view, actor) ? actor : PICK_DIVERGED;
}

static int pick(void *worker, const struct view *view) {
    struct states_worker *mine = worker;
    if (mine->strayed || mine->all->diverged)
        return PICK_DIVERGED;
    if (mine->shows)
        return show(mine, view);
    const struct trail *trail = mine->trail;
    if (mine->at == trail->length && !mine->resumed) {
        if (!come_to(mine, view))
            return PICK_REDUNDANT;
    } else if (mine->at >= trail->length || (mine->resumed && !is_back(mine, &view->state))) {
        return PICK_DIVERGED;
    }
    mine->resumed = false;
    int actor = trail_actor(trail, &trail->path[mine->at]);
    return order_enabled(view, actor) ? actor : PICK_DIVERGED;
}

static int shown_alternative(const struct states_worker *mine, int n) {
    int alternative = shown(mine)[1];
    return alternative < n ? alternative : PICK_DIVERGED;
}

static int alternative(void *worker, int n, enum choice kind) {
    struct states_worker *mine = worker;
    if (mine->shows)
        return shown_alternative(mine, n);
    struct trail_node *node = &mine->trail->path[mine->at];
    if (node->alternatives != 0 && node->alternatives != n)
        return PICK_DIVERGED;
    node->alternatives = (uint8_t)n;
    node->free = node->alternative > 0 &&
                 (kind == CHOICE_SPURIOUS || kind == CHOICE_TIMEOUT || kind == CHOICE_WEAK);
    node->value = kind == CHOICE_VALUE;
    return node->alternative;
}

static void step(void *worker, const struct event *event) {
    struct states_worker *mine = worker;
    uint8_t expected = mine->shows ? shown(mine)[1] : mine->trail->path[mine->at].alternative;
    mine->strayed |= event->alternative != expected;
    mine->at++;
}

/* --- end --- */

/* Did it end where it went on before, or otherwise than it was meant to? */
static bool goes_astray(const struct states_worker *mine, enum ending ending) {
    if (mine->shows && (ending == END_FOUND || ending == END_CUT))
        return false;
    int meant = mine->shows ? shown_length(mine) : mine->trail->length;
    bool unknown = ending == END_REDUNDANT && mine->known == 0;
    return mine->strayed || unknown || mine->at < meant;
}

static void drop(struct states *states, struct trail *trail) {
    struct trail **link = &states->trails;
    while (*link != trail)
        link = &(*link)->next;
    *link = trail->next;
    trail_free(states->arena, trail);
}

/* Its step is taken. */
static void go_on(struct states_worker *mine) {
    struct states *states = mine->all;
    struct trail *trail = mine->trail, *other = NULL;
    if (trail->length > 0)
        add_step(mine, mine->known);
    if (!trail_advance(trail)) {
        drop(states, trail);
        return;
    }
    if (states->hungry)
        other = trail_split(states->arena, trail);
    if (other != NULL) {
        states->hungry = false;
        add_trail(states, other);
    }
}

static void end(void *worker, const struct view *view, enum ending ending) {
    (void)view;
    struct states_worker *mine = worker;
    struct states *states = mine->all;
    arena_lock(states->arena);
    bool counts = ending != END_ABANDONED;
    if (counts && goes_astray(mine, ending))
        states->diverged = true; /* the next pick says so, as an end cannot */
    counts &= !states->diverged;
    if (mine->shows) {
        states->last = false;
        states->over = counts;
    } else {
        mine->trail->by = mine->id;
        mine->trail->taken = false;
        if (counts)
            go_on(mine);
    }
    arena_unlock(states->arena);
}

static int around(void *worker) {
    const struct lasso *lasso = &((const struct states_worker *)worker)->all->lasso;
    return lasso->length + (ROUNDS - 2) * (lasso->length - lasso->stem);
}

static void size(void *search, int64_t *states, int64_t *steps) {
    const struct states *mine = search;
    *states = __atomic_load_n(&mine->graph->state_count, __ATOMIC_RELAXED);
    *steps = __atomic_load_n(&mine->graph->step_count, __ATOMIC_RELAXED);
}

const struct strategy states_strategy = {
    .name = "states",
    .exhaustive = true,
    .parallel = true,
    .states = true,
    .create = create,
    .attach = attach,
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
