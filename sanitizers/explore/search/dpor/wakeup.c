/* SPDX-License-Identifier: MIT */
/*
 * Wakeup trees (Abdulla, Aronis, Jonsson, Sagonas: Source Sets, JACM 2017, sections 6 and 7).
 *
 * A race between event e and a later one, `late`, is reversed by an execution that leaves out e and
 * all that happens after e, and has `late` instead: v = notdep(e).late, from the prefix before e.
 * It is needed only if nothing that is explored there covers it. That does an actor who is asleep
 * there, or a child, if it is a *weak initial* of v: its step could come first in v, or has no part
 * in v and commutes with all of it, and so do all alternatives of it.
 *
 * What is explored below such a child may rest on this very insertion, as long as e's own step
 * sleeps there: so v without that step goes on down to a child of the child, and so on, until e's
 * step has been woken. There v is covered for good. If on the way no child matches, what is left of
 * v becomes a new branch. It does not run into a sleep set, and so no execution is in vain. In the
 * paper, which explores in order, only nodes that are still pending are gone through: those that
 * are active are earlier siblings. Here a later sibling may have been explored first, or at the
 * same time.
 *
 * v is put in an order in which what `late` needs comes first, then `late`, then the rest; and it
 * is cut off behind the last step that was needed to tell that nothing covers it (and `late`). What
 * is cut off makes no difference to which actors are weak initials, and the execution finds it by
 * itself. So v is made only as far as it is looked at, and long executions leave short branches.
 *
 * The answer is *unsettled* if it rests on what this execution did after `late`, or on what a step
 * may come out as that has only been announced. Another execution that shares the prefix up to
 * `late` must ask again: it may go on differently, or find that step executed.
 */
#include "explore/search/dpor/wakeup.h"

/* A step that has no part in v stands for what its actor does there only if its other alternatives have
 * none either: v may be followed by one of those. */
static bool asleep_apart(struct sequence *v, const struct footprint *sleep, int count, int actor) {
    int at;
    for (int i = 0; i < count; i++)
        if (sleep[i].actor == actor && sequence_match(v, &sleep[i], &at) != APART)
            return false;
    return true;
}

static bool children_apart(struct sequence *v, const struct node *child) {
    int at;
    for (const struct node *other = child->parent->first; other != NULL; other = other->next)
        if (other->rank == child->rank && sequence_match(v, &other->step, &at) != APART)
            return false;
    return true;
}

/*
 * Reversed elsewhere. Where many read what one writes, a writer that comes last races with each of
 * them, and nearly all of these reversals are covered. Mostly that can be told without looking for
 * them in the tree.
 *
 * Let t be the step of a sleeper, explored from an earlier prefix P; all below it is done; x leads
 * from P to where v starts. If t conflicts with `late` but not with the rest of v, then t.x.v is an
 * execution as well: t commutes with x, as it still sleeps; and `late` runs after t as it does
 * without it, for it waits for nothing, changes no counter, and comes out as it was announced. So
 * one that starts like this has been explored (or a sleeper at P covers x.v, and so v here). There,
 * t races with `late`: nothing else in t.x.v comes after t. The reversal of that race was x.v: when
 * it was inserted at P, it went along x to here, or met somebody who sleeps here since. Either way
 * v is covered.
 *
 * That t conflicts with nothing else in v is told from e alone: what conflicts with t conflicts with
 * e too, and is left out. The actor of t has no event in v: none is in the past of `late`; and its
 * next operation, t's, conflicts with `late` whatever it comes out as, so it is after it. None of
 * this rests on what comes after `late`.
 *
 * (Not where part of the search is another's, who inserts nothing here: shard/shard.c.)
 */
static bool is_reversed_elsewhere(const struct sequence *v, const struct footprint *sleeper) {
    const struct footprint *root = &v->trace->records[v->first].footprint;
    return sleeper->actor != v->late->footprint.actor &&
           trace_clock(v->trace, v->late->index)[sleeper->actor] <= v->first &&
           footprint_forces(&v->late->footprint, sleeper) && footprint_covers(root, sleeper);
}

/* Does `late` nothing but access memory, if it is as it was announced? */
static bool late_is_plain(const struct late *late) {
    for (int i = 0; i < late->op->access_count; i++)
        if (late->op->access[i].need > 0 || late->op->access[i].delta != 0)
            return false;
    return !late->footprint.tentative && !late->footprint.all;
}

/* May the reversal have been made elsewhere, as far as it depends on no sleeper? */
static bool may_be_reversed_elsewhere(struct sequence *v) {
    return !v->branch->tree->part && v->root_count == 1 && v->late->index < v->trace->count &&
           late_is_plain(v->late) && branch_is_final(v->branch, v->first);
}

/* Does somebody who is asleep cover v? (One of another search does only if v can begin with its step. What else is
 * found behind that, and has it later, would have to be inserted here.) */
static bool asleep_covers(struct sequence *v) {
    int count, at;
    const struct footprint *sleep = branch_sleep(v->branch, v->first, &count);
    bool elsewhere = count > 0 && may_be_reversed_elsewhere(v);
    for (int i = 0; i < count; i++) {
        if (elsewhere && is_reversed_elsewhere(v, &sleep[i]))
            return true;
        enum match how = sequence_match(v, &sleep[i], &at);
        if (how == FIRST ||
            (how == APART && !sleep[i].elsewhere && asleep_apart(v, sleep, count, sleep[i].actor)))
            return true;
    }
    return false;
}

/* The first child that is a weak initial of v, or NULL. */
static struct node *find_initial(struct sequence *v, struct node *node, enum match *how, int *at) {
    for (struct node *child = node->first; child != NULL; child = child->next) {
        *how = sequence_match(v, &child->step, at);
        if (*how == FIRST || (*how == APART && children_apart(v, child)))
            return child;
        if (*how == NO_INITIAL)
            v->guessed |= child->step.tentative &&
                          !footprint_surely_dependent(v->items[*at].step, &child->step);
    }
    return NULL;
}

/* May the step of `own` be asleep at the node? Then what is explored there rests on what is
 * explored below `own`. */
static bool may_be_asleep(const struct node *own, const struct node *node) {
    return node->state != NODE_DONE && node->step.actor != own->step.actor &&
           !footprint_surely_dependent(&own->step, &node->step);
}

/* Follows v down the tree from `node`; `own`, a child of it, is the step of e. The node below
 * which the rest of v is new, or NULL: it is covered. */
static struct node *descend(struct sequence *v, struct node *node, const struct node *own) {
    enum match how;
    int at;
    for (struct node *child; (child = find_initial(v, node, &how, &at)) != NULL; node = child) {
        bool earlier = node == own->parent && child->rank < own->rank; /* never sleeps on it */
        if (earlier || !may_be_asleep(own, child))
            return NULL;
        if (how == APART)
            continue;
        child = tree_alternative(v->branch->tree, child, v->items[at].step,
                                 sequence_alternative(v, at));
        if (at == v->late_at || !may_be_asleep(own, child))
            return NULL;
        sequence_take_out(v, at);
    }
    return node;
}

/* Appends what is left of v, as far as it is needed. Returns the first new node. */
static struct node *append_sequence(struct sequence *v, struct node *node) {
    struct tree *tree = v->branch->tree;
    struct node *first = NULL;
    int32_t reversal = NONE;
    for (int i = 0; i < v->needed; i++) {
        if (v->items[i].step == NULL)
            continue;
        if (i == v->late_at)
            reversal = node->depth;
        node = tree_add(tree, node, v->items[i].step, sequence_alternative(v, i));
        first = first == NULL ? node : first;
    }
    if (first != NULL) /* as `late` at least is left */
        first->reversal = reversal;
    return first;
}

static struct node *insert(struct sequence *v) {
    if (asleep_covers(v))
        return NULL;
    while (v->late_at == NONE)
        sequence_extend(v);
    v->needed = v->late_at >= v->needed ? v->late_at + 1 : v->needed;
    const struct node *own = branch_node(v->branch, v->first + 1);
    struct node *node = descend(v, own->parent, own);
    return node == NULL ? NULL : append_sequence(v, node);
}

struct node *wakeup_insert(struct branch *branch, const struct late *late, int root_count,
                           bool *unsettled) {
    struct sequence v = {.branch = branch,
                         .trace = &branch->trace,
                         .late = late,
                         .items = branch->items,
                         .root_count = root_count,
                         .late_at = NONE};
    v.first = branch->roots[0];
    for (int i = 1; i < root_count; i++)
        v.first = branch->roots[i] < v.first ? branch->roots[i] : v.first;
    v.next = v.first + 1;
    struct node *node = insert(&v);
    *unsettled |= v.guessed || v.looked_on;
    return node;
}
