/* SPDX-License-Identifier: MIT */
/*
 * Optimal dynamic partial-order reduction: one execution for each Mazurkiewicz trace, and none in
 * vain (Abdulla, Aronis, Jonsson, Sagonas: Source Sets, JACM 2017).
 *
 * Theory of operation.
 *
 * An execution runs freely from where it leaves the known tree (dpor_tree.c). When it has ended,
 * each race in what it did is reversed (dpor_races.c): unless that is covered already, a sequence
 * of steps that brings the later event before the earlier one becomes a branch of the tree
 * (wakeup.c), for an execution to come. Sleep sets keep what was explored on one side of a branch
 * from being explored again on the other: at a node, an actor is asleep if its step was explored
 * from an earlier sibling, or one of an ancestor, and nothing since then conflicts with it.
 *
 * A step is an actor and an alternative, the answer to a choice within the step. When a choice with
 * n answers is met for the first time, the other answers become siblings of equal rank: they are no
 * reorderings of each other, so none puts the other to sleep.
 *
 * Where it is not exact: after an alternative other than the one a wakeup sequence was made for,
 * everyone may turn out to be asleep (PICK_REDUNDANT). And an operation that has only been announced
 * (a trylock, a compare-and-swap) is taken for the most that it may come out as; if it comes out as
 * less, an execution may turn out to be equivalent to another. Nothing is lost in either case.
 *
 * Workers share the tree. What a worker has of the last execution (its trace, its path in the tree)
 * it keeps for the next, which mostly differs only near the end.
 */
#include "explore/search/policy/dpor.h"

#include "explore/search/path/dpor_grow.h"

static void *dpor_create(struct arena *shared, const struct search_config *config) {
    (void)config;
    return tree_new(shared);
}

static void *dpor_attach(void *search, struct arena *own) {
    struct worker *worker = arena_new(own, sizeof *worker);
    worker->tree = search;
    worker->own = own;
    worker->valid = NONE;
    trace_init(&worker->trace, own);
    return worker;
}

static void reserve_path(struct worker *worker, int depth) {
    worker->path = grow_array(worker->own, worker->path, sizeof *worker->path,
                              &worker->path_capacity, depth + 1);
}

static void put_on_path(struct worker *worker, struct node *node) {
    worker->path[node->depth] = (struct waypoint){
        .node = node,
        .id = node->id,
        .actor = node->step.actor,
        .alternative = (uint8_t)(node->alternative % OP_ANY),
    };
}

/* --- sleep sets --- */

static void add_sleeper(struct worker *worker, const struct footprint *step, int since) {
    worker->sleepers = grow_array(worker->own, worker->sleepers, sizeof *worker->sleepers,
                                  &worker->sleeper_capacity, worker->sleeper_count + 1);
    worker->sleepers[worker->sleeper_count++] = (struct sleeper){*step, since, NONE};
    worker->asleep[step->actor]++;
}

/* Those asleep at the last node that was executed, and from there on the earlier siblings. */
static void find_sleepers(struct worker *worker) {
    const struct node *start = worker->path[worker->executed].node;
    for (int i = 0; i < worker->sleeper_count; i++)
        worker->asleep[worker->sleepers[i].step.actor] = 0;
    worker->sleeper_count = 0;
    for (int i = 0; i < start->sleep_count; i++)
        add_sleeper(worker, &start->sleep[i], worker->executed - 1);
    for (int depth = worker->executed; depth < worker->known; depth++) {
        const struct node *next = worker->path[depth + 1].node,
                          *other = worker->path[depth].node->first;
        for (; other != NULL && other->rank < next->rank; other = other->next)
            add_sleeper(worker, &other->step, depth);
    }
    worker->asleep_count = worker->sleeper_count;
}

static void wake(struct worker *worker, int at, int index) {
    struct sleeper woken = worker->sleepers[at];
    woken.woken_by = index;
    worker->asleep[woken.step.actor]--;
    worker->sleepers[at] = worker->sleepers[--worker->asleep_count];
    worker->sleepers[worker->asleep_count] = woken;
}

/* An actor with several alternatives is asleep as long as all of them are. */
static void wake_others(struct worker *worker, int actor, int index) {
    for (int i = worker->asleep_count - 1; i >= 0; i--)
        if (worker->sleepers[i].step.actor == actor && worker->sleepers[i].since <= index)
            wake(worker, i, index);
}

static void wake_conflicting(struct worker *worker, const struct footprint *step, int index) {
    for (int i = worker->asleep_count - 1; i >= 0; i--) {
        const struct sleeper *sleeper = &worker->sleepers[i];
        int actor = sleeper->step.actor;
        if (sleeper->since > index ||
            (actor != step->actor && !footprint_dependent(&sleeper->step, step)))
            continue;
        wake(worker, i, index);
        wake_others(worker, actor, index);
        i = i < worker->asleep_count ? i : worker->asleep_count;
    }
}

const struct footprint *worker_sleep(struct worker *worker, int depth, int *count) {
    if (depth <= worker->executed) {
        *count = worker->path[depth].node->sleep_count;
        return worker->path[depth].node->sleep;
    }
    *count = 0;
    for (int i = 0; i < worker->sleeper_count; i++) {
        const struct sleeper *sleeper = &worker->sleepers[i];
        if (sleeper->since >= depth || (sleeper->woken_by != NONE && sleeper->woken_by < depth))
            continue;
        worker->sleep = grow_array(worker->own, worker->sleep, sizeof *worker->sleep,
                                   &worker->sleep_capacity, *count + 1);
        worker->sleep[(*count)++] = sleeper->step;
    }
    return worker->sleep;
}

/* --- nodes of the path --- */

/* The node's step has been executed: it is known how it came out, and who is asleep behind it. */
static void note_executed(struct worker *worker, struct node *node) {
    const struct record *record = &worker->trace.records[node->depth - 1];
    if (node->executed)
        return;
    node->executed = true;
    node->step = record->footprint;
    node->alternative = record->event.alternative;
    node->alternatives = record->event.alternatives;
    node->unsettled = record->unsettled;
    int count;
    const struct footprint *sleep = worker_sleep(worker, node->depth, &count);
    if (count == 0)
        return;
    node->sleep = arena_new(worker->tree->arena, (size_t)count * sizeof *sleep);
    memcpy(node->sleep, sleep, (size_t)count * sizeof *sleep);
    node->sleep_count = (uint16_t)count;
}

struct node *worker_node(struct worker *worker, int depth) {
    reserve_path(worker, depth);
    while (worker->valid < depth) {
        const struct record *record = &worker->trace.records[worker->valid];
        struct node *node = tree_add(worker->tree, worker->path[worker->valid].node,
                                     &record->footprint, record->event.alternative);
        node->state = NODE_ACTIVE;
        note_executed(worker, node);
        put_on_path(worker, node);
        worker->valid++;
    }
    return worker->path[depth].node;
}

/* --- begin --- */

/* Fills the path to the leaf; the depth down to which it is that of the last execution. */
static int lay_path(struct worker *worker, struct node *leaf) {
    reserve_path(worker, leaf->depth);
    for (struct node *node = leaf; node != NULL; node = node->parent) {
        int depth = node->depth;
        if (depth <= worker->valid && worker->path[depth].node == node &&
            worker->path[depth].id == node->id)
            return depth;
        put_on_path(worker, node);
    }
    return 0;
}

static void take_path(struct worker *worker, struct node *leaf) {
    int same = lay_path(worker, leaf);
    worker->known = worker->valid = leaf->depth;
    worker->executed = leaf->depth;
    worker->reversal = NONE;
    for (const struct node *node = leaf; !node->executed; node = node->parent) {
        worker->executed--;
        if (worker->reversal == NONE)
            worker->reversal = node->reversal;
    }
    same = same < worker->executed ? same : worker->executed;
    worker->kept = same < worker->trace.count ? same : worker->trace.count;
}

static enum begin dpor_begin(void *search_worker) {
    struct worker *worker = search_worker;
    struct tree *tree = worker->tree;
    arena_lock(tree->arena);
    struct node *leaf = tree_take(tree);
    bool over = leaf == NULL && tree->root->state == NODE_DONE;
    if (leaf != NULL) {
        take_path(worker, leaf);
        find_sleepers(worker);
    }
    arena_unlock(tree->arena);
    if (leaf == NULL)
        return over ? BEGIN_OVER : BEGIN_WAIT;
    trace_truncate(&worker->trace, worker->kept);
    worker->made = 0;
    return BEGIN_RUN;
}

/* --- the execution --- */

static bool can_go(const struct worker *worker, const struct view *view, int actor) {
    return view->actors[actor].enabled && worker->asleep[actor] == 0;
}

/* The one that moves already, as long as it does not yield; else the newest; else those that
 * yield, in turn. */
static int pick_freely(const struct worker *worker, const struct view *view) {
    int current = view->current;
    if (current >= 0 && can_go(worker, view, current) && !view->actors[current].yields)
        return current;
    for (int actor = view->count - 1; actor >= 0; actor--)
        if (can_go(worker, view, actor) && !view->actors[actor].yields)
            return actor;
    for (int i = 1; i <= view->count; i++)
        if (can_go(worker, view, (current + i) % view->count))
            return (current + i) % view->count;
    return PICK_REDUNDANT;
}

/* Who could go on is hard to tell after the process has ended. */
static void note_asked(struct worker *worker, const struct view *view, int actor) {
    const struct op *op = view->actors[actor].pending;
    footprint_set(&worker->asked, op, actor, !op_is_firm(op->kind));
    if (footprint_conflicts_with_all(&worker->asked))
        for (int i = 0; i < view->count; i++)
            worker->could_go[i] = view->actors[i].enabled;
}

static int dpor_pick(void *search_worker, const struct view *view) {
    struct worker *worker = search_worker;
    if (worker->diverged)
        return PICK_DIVERGED;
    bool prescribed = worker->made < worker->known;
    int actor = prescribed ? worker->path[worker->made + 1].actor : pick_freely(worker, view);
    if (actor == PICK_REDUNDANT)
        return PICK_REDUNDANT;
    if (actor >= view->count || !(view->actors[actor].enabled || view->actors[actor].awaits))
        return PICK_DIVERGED;
    if (worker->made >= worker->kept)
        note_asked(worker, view, actor);
    return actor;
}

/* How many alternatives the step that is being made had when it was made before; 0: it was not. */
static int alternatives_before(const struct worker *worker) {
    if (worker->made < worker->kept)
        return worker->trace.records[worker->made].event.alternatives;
    const struct node *node = worker->path[worker->made + 1].node;
    return node->executed ? node->alternatives : 0;
}

static int dpor_alternative(void *search_worker, int n, enum choice kind) {
    struct worker *worker = search_worker;
    (void)kind;
    if (worker->made >= worker->known)
        return 0;
    int before = alternatives_before(worker), answer = worker->path[worker->made + 1].alternative;
    return answer >= n || (before > 0 && before != n) ? PICK_DIVERGED : answer;
}

/* Is it what happened here before? */
static bool is_same(const struct event *a, const struct event *b) {
    if (a->actor != b->actor || a->alternative != b->alternative ||
        a->op.access_count != b->op.access_count)
        return false;
    return a->op.access_count == 0 || (a->op.access[0].object == b->op.access[0].object &&
                                       a->op.access[0].mode == b->op.access[0].mode);
}

/* An operation that ought to come out as announced, and did not. */
static bool surprises(const struct footprint *asked, const struct footprint *footprint) {
    if (asked->tentative)
        return false;
    bool same = asked->count == footprint->count;
    for (int i = 0; i < asked->count && same; i++)
        same = asked->mode[i] == footprint->mode[i] && asked->object[i] == footprint->object[i];
    return !same;
}

static void dpor_step(void *search_worker, const struct event *event) {
    struct worker *worker = search_worker;
    int index = worker->made++;
    if (index < worker->kept) {
        worker->diverged |= !is_same(&worker->trace.records[index].event, event);
        return;
    }
    trace_append(&worker->trace, event, &worker->asked);
    reserve_path(worker, index + 1);
    worker->path[index + 1].actor = event->actor;
    worker->path[index + 1].alternative = event->alternative;
    struct record *record = &worker->trace.records[index];
    worker->diverged |= surprises(&worker->asked, &record->footprint);
    if (index >= worker->executed)
        wake_conflicting(worker, &record->footprint, index);
    else
        record->unsettled = worker->path[index + 1].node->unsettled;
}

/* --- end --- */

/* Event `index` was executed for the first time: its other alternatives become branches. */
static void add_alternatives(struct worker *worker, int index) {
    const struct record *record = &worker->trace.records[index];
    for (int i = 0; i < record->event.alternatives && record->event.alternatives > 1; i++)
        tree_alternative(worker->tree, worker_node(worker, index + 1), &record->asked, i);
}

static void learn(struct worker *worker, const struct view *view) {
    int made = worker->trace.count;
    for (int depth = worker->executed + 1; depth <= worker->known && depth <= made; depth++)
        note_executed(worker, worker->path[depth].node);
    for (int i = worker->executed; i < made; i++)
        add_alternatives(worker, i);
    races_reverse(worker, view);
}

static void dpor_end(void *search_worker, const struct view *view, enum ending ending) {
    struct worker *worker = search_worker;
    struct tree *tree = worker->tree;
    /* It ended where it went on before, or other than it was meant to. */
    int before = ending == END_COMPLETE ? worker->known : worker->kept;
    worker->diverged |= ending != END_ABANDONED && worker->made < before;
    arena_lock(tree->arena);
    if (ending == END_ABANDONED || worker->diverged) {
        tree_give_back(tree, worker->path[worker->known].node);
    } else {
        learn(worker, view);
        worker->valid =
            tree_end(tree, worker->path[worker->known].node, worker->path[worker->valid].node)
                ->depth;
    }
    arena_unlock(tree->arena);
}

static double dpor_left(void *search) {
    struct tree *tree = search;
    arena_lock(tree->arena);
    double left = tree_left(tree);
    arena_unlock(tree->arena);
    return left;
}

const struct strategy strategy_dpor = {
    .name = "dpor",
    .exhaustive = true,
    .parallel = true,
    .create = dpor_create,
    .attach = dpor_attach,
    .begin = dpor_begin,
    .pick = dpor_pick,
    .alternative = dpor_alternative,
    .step = dpor_step,
    .end = dpor_end,
    .left = dpor_left,
};
