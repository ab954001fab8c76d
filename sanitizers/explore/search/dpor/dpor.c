/* SPDX-License-Identifier: MIT */
/*
 * Optimal dynamic partial-order reduction: one execution for each Mazurkiewicz trace, and none in
 * vain (Abdulla, Aronis, Jonsson, Sagonas: Source Sets, JACM 2017).
 *
 * Theory of operation.
 *
 * An execution runs freely from where it leaves the known tree (tree.c). When it has ended,
 * each race in what it did is reversed (races.c): unless that is covered already, a sequence
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
 * (a trylock, a compare-and-swap) is taken for the most that it may come out as, where nothing tells
 * more (sequence.c); if it comes out as less, an execution may turn out to be equivalent to another.
 * Nothing is lost in either case.
 *
 * Workers share the tree. What a worker has of the last execution (its trace, its path in the tree)
 * it keeps for the next, which mostly differs only near the end.
 */
#include "explore/search/dpor/dpor.h"
#include "explore/search/dpor/branch.h"
#include "explore/search/dpor/races.h"

static void *dpor_create(struct arena *shared, const struct search_config *config) {
    (void)config;
    return tree_new(shared);
}

void dpor_asleep(void *search, const struct footprint *steps, int count) {
    struct tree *tree = search;
    if (count == 0)
        return;
    tree->root->sleep = arena_new(tree->arena, (size_t)count * sizeof *steps);
    memcpy(tree->root->sleep, steps, (size_t)count * sizeof *steps);
    tree->root->sleep_count = (uint16_t)count;
    for (int i = 0; i < count; i++)
        tree->root->sleep[i].elsewhere = true;
    tree->part = true;
}

static void *dpor_attach(void *search, struct arena *own) {
    return branch_new(search, own);
}

/* --- begin --- */

static enum begin dpor_begin(void *worker) {
    struct branch *branch = worker;
    struct tree *tree = branch->tree;
    arena_lock(tree->arena);
    struct node *leaf = tree_take(tree);
    bool over = leaf == NULL && tree->root->state == NODE_DONE;
    if (leaf != NULL) {
        branch_take(branch, leaf);
    }
    arena_unlock(tree->arena);
    if (leaf == NULL)
        return over ? BEGIN_OVER : BEGIN_WAIT;
    trace_truncate(&branch->trace, branch->kept);
    branch->made = 0;
    return BEGIN_RUN;
}

/* --- the execution --- */

static bool can_go(const struct branch *branch, const struct view *view, int actor) {
    return view->actors[actor].enabled && branch->asleep[actor] == 0;
}

/* The one that moves already, as long as it does not yield; else the newest; else those that
 * yield, in turn. */
static int pick_freely(const struct branch *branch, const struct view *view) {
    int current = view->current;
    if (current >= 0 && can_go(branch, view, current) && !view->actors[current].yields)
        return current;
    for (int actor = view->count - 1; actor >= 0; actor--)
        if (can_go(branch, view, actor) && !view->actors[actor].yields)
            return actor;
    for (int i = 1; i <= view->count; i++)
        if (can_go(branch, view, (current + i) % view->count))
            return (current + i) % view->count;
    return PICK_REDUNDANT;
}

/* Who could go on is hard to tell after the process has ended. */
static void note_asked(struct branch *branch, const struct view *view, int actor) {
    const struct op *op = view->actors[actor].pending;
    footprint_set(&branch->asked, op, actor, !op_is_firm(op->kind));
    if (branch->asked.all)
        for (int i = 0; i < view->count; i++)
            branch->could_go[i] = view->actors[i].enabled;
}

static int dpor_pick(void *worker, const struct view *view) {
    struct branch *branch = worker;
    if (branch->diverged)
        return PICK_DIVERGED;
    bool prescribed = branch->made < branch->known;
    int actor = prescribed ? branch->path[branch->made + 1].actor : pick_freely(branch, view);
    if (actor == PICK_REDUNDANT)
        return PICK_REDUNDANT;
    if (actor >= view->count || !(view->actors[actor].enabled || view->actors[actor].awaits))
        return PICK_DIVERGED;
    if (branch->made >= branch->kept)
        note_asked(branch, view, actor);
    return actor;
}

/* How many alternatives the step that is being made had when it was made before; 0: it was not. */
static int alternatives_before(const struct branch *branch) {
    if (branch->made < branch->kept)
        return branch->trace.records[branch->made].event.alternatives;
    const struct node *node = branch->path[branch->made + 1].node;
    return node->executed ? node->alternatives : 0;
}

static int dpor_alternative(void *worker, int n, enum choice kind) {
    struct branch *branch = worker;
    (void)kind;
    if (branch->made >= branch->known)
        return 0;
    int before = alternatives_before(branch), answer = branch->path[branch->made + 1].alternative;
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

static int dpor_kept(void *worker) {
    const struct branch *branch = worker;
    return branch->kept;
}

static void dpor_resume(void *worker, int steps) {
    struct branch *branch = worker;
    branch->made = steps;
}

/* Is something left to be tried from the node at hand? (Others change that meanwhile; then it is a guess.) */
static bool dpor_returns(void *worker) {
    const struct branch *branch = worker;
    return branch->made < branch->known &&
           __atomic_load_n(&branch->path[branch->made].node->open, __ATOMIC_RELAXED) > 1;
}

static void dpor_step(void *worker, const struct event *event) {
    struct branch *branch = worker;
    int index = branch->made++;
    if (index < branch->kept) {
        branch->diverged |= !is_same(&branch->trace.records[index].event, event);
        return;
    }
    trace_append(&branch->trace, event, &branch->asked);
    branch_reserve(branch, index + 1);
    branch->path[index + 1].actor = event->actor;
    branch->path[index + 1].alternative = event->alternative;
    struct record *record = &branch->trace.records[index];
    branch->diverged |= surprises(&branch->asked, &record->footprint);
    if (index >= branch->executed)
        branch_wake(branch, &record->footprint, index);
    else
        record->unsettled = branch->path[index + 1].node->unsettled;
}

/* --- end --- */

/* Event `index` was executed for the first time: its other alternatives become branches. */
static void add_alternatives(struct branch *branch, int index) {
    const struct record *record = &branch->trace.records[index];
    for (int i = 0; i < record->event.alternatives && record->event.alternatives > 1; i++)
        tree_alternative(branch->tree, branch_node(branch, index + 1), &record->asked, i);
}

static void learn(struct branch *branch, const struct view *view) {
    int made = branch->trace.count;
    for (int depth = branch->executed + 1; depth <= branch->known && depth <= made; depth++)
        branch_note(branch, branch->path[depth].node);
    for (int i = branch->executed; i < made; i++)
        add_alternatives(branch, i);
    races_reverse(branch, view);
}

static void dpor_end(void *worker, const struct view *view, enum ending ending) {
    struct branch *branch = worker;
    struct tree *tree = branch->tree;
    /* It ended where it went on before, or other than it was meant to. */
    int before = ending == END_COMPLETE ? branch->known : branch->kept;
    branch->diverged |= ending != END_ABANDONED && branch->made < before;
    arena_lock(tree->arena);
    if (ending == END_ABANDONED || branch->diverged) {
        tree_give_back(tree, branch->path[branch->known].node);
    } else {
        learn(branch, view);
        branch->valid =
            tree_end(tree, branch->path[branch->known].node, branch->path[branch->valid].node)
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

const struct strategy dpor_strategy = {
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
    .kept = dpor_kept,
    .resume = dpor_resume,
    .returns = dpor_returns,
    .left = dpor_left,
};
