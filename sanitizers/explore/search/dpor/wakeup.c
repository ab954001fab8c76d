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

/* v, as far as it has been looked at. Items are indices in the trace; NONE: taken out. */
struct sequence {
    struct branch *branch;
    const struct late *late;
    int root_count;
    int first; /* the earliest root: v starts from the prefix before it */
    int count;
    int late_at;    /* where `late` is among the items; NONE: not yet there */
    int next;       /* the next event to consider */
    int needed;     /* so many items are necessary */
    bool looked_on; /* some answer rests on what comes after `late`, or that nothing does */
    bool guessed;   /* some answer rests on what a step may come out as */
};

/* Is the event, of those behind the first root, a root or after one? */
static bool is_dropped(const struct sequence *v, int event) {
    const struct trace *trace = &v->branch->trace;
    for (int i = 0; i < v->root_count; i++)
        if (trace_before(trace, v->branch->roots[i], event))
            return true;
    return false;
}

static bool is_past(const struct sequence *v, int event) {
    const struct trace *trace = &v->branch->trace;
    return event < v->late->index && trace_before(trace, event, v->late->index);
}

static void append_item(struct sequence *v, int event) {
    struct branch *branch = v->branch;
    branch->items = arena_grow(branch->own, branch->items, sizeof *branch->items,
                               &branch->item_capacity, v->count + 1);
    branch->items[v->count++] = event;
}

/* One more item; false: there are no more. */
static bool extend(struct sequence *v) {
    for (; v->late_at == NONE && v->next < v->late->index; v->next++) {
        if (is_past(v, v->next) && !is_dropped(v, v->next)) {
            append_item(v, v->next++);
            return true;
        }
    }
    if (v->late_at == NONE) {
        v->late_at = v->count;
        v->next = v->first + 1;
        append_item(v, v->late->index);
        return true;
    }
    v->looked_on = true;
    for (; v->next < v->branch->trace.count; v->next++) {
        if (v->next != v->late->index && !is_past(v, v->next) && !is_dropped(v, v->next)) {
            append_item(v, v->next++);
            return true;
        }
    }
    return false;
}

static const struct footprint *item_step(const struct sequence *v, int at) {
    int event = v->branch->items[at];
    return event == v->late->index ? &v->late->footprint
                                   : &v->branch->trace.records[event].footprint;
}

static int item_alternative(const struct sequence *v, int at) {
    int event = v->branch->items[at];
    return event == v->late->index ? OP_ANY : v->branch->trace.records[event].event.alternative;
}

/* Was it woken by an event that is left in v? Then it cannot come first. */
static bool item_woken(const struct sequence *v, int at) {
    int event = v->branch->items[at];
    int32_t by = event == v->late->index ? v->late->enabled_by
                                         : v->branch->trace.records[event].event.enabled_by;
    for (int i = 0; i < at && by >= v->first; i++)
        if (v->branch->items[i] == by)
            return true;
    return false;
}

enum match {
    NO_INITIAL,
    FIRST, /* it could come first in v */
    APART  /* it has no part in v and commutes with all of it */
};

/* Can item `at` of v come first in v? For one with alternatives it is its own operation that
 * counts; `step` may be another alternative of it. */
static bool can_come_first(const struct sequence *v, int at) {
    int event = v->branch->items[at];
    if (item_woken(v, at))
        return false;
    if (event == v->late->index || v->branch->trace.records[event].event.alternatives <= 1)
        return true;
    for (int i = 0; i < at; i++)
        if (v->branch->items[i] != NONE && footprint_dependent(item_step(v, i), item_step(v, at)))
            return false;
    return true;
}

/* Is the step a weak initial of v? *at is its place in v. */
static enum match match(struct sequence *v, const struct footprint *step, int *at) {
    for (int i = 0; i < v->count || extend(v); i++) {
        if (v->branch->items[i] == NONE)
            continue;
        const struct footprint *other = item_step(v, i);
        *at = i;
        if (other->actor == step->actor && can_come_first(v, i))
            return FIRST;
        if (other->actor == step->actor || footprint_dependent(other, step)) {
            v->needed = i >= v->needed ? i + 1 : v->needed;
            return NO_INITIAL;
        }
    }
    *at = NONE;
    return APART;
}

/* A step that has no part in v stands for what its actor does there only if its other alternatives have
 * none either: v may be followed by one of those. */
static bool asleep_apart(struct sequence *v, const struct footprint *sleep, int count, int actor) {
    int at;
    for (int i = 0; i < count; i++)
        if (sleep[i].actor == actor && match(v, &sleep[i], &at) != APART)
            return false;
    return true;
}

static bool children_apart(struct sequence *v, const struct node *child) {
    int at;
    for (const struct node *other = child->parent->first; other != NULL; other = other->next)
        if (other->rank == child->rank && match(v, &other->step, &at) != APART)
            return false;
    return true;
}

/* Does somebody who is asleep cover v? */
static bool asleep_covers(struct sequence *v) {
    int count, at;
    const struct footprint *sleep = branch_sleep(v->branch, v->first, &count);
    for (int i = 0; i < count; i++) {
        enum match how = match(v, &sleep[i], &at);
        if (how == FIRST || (how == APART && asleep_apart(v, sleep, count, sleep[i].actor)))
            return true;
    }
    return false;
}

/* The first child that is a weak initial of v, or NULL. */
static struct node *find_initial(struct sequence *v, struct node *node, enum match *how, int *at) {
    for (struct node *child = node->first; child != NULL; child = child->next) {
        *how = match(v, &child->step, at);
        if (*how == FIRST || (*how == APART && children_apart(v, child)))
            return child;
        if (*how == NO_INITIAL)
            v->guessed |= child->step.tentative &&
                          !footprint_surely_dependent(item_step(v, *at), &child->step);
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
        child = tree_alternative(v->branch->tree, child, item_step(v, at), item_alternative(v, at));
        if (at == v->late_at || !may_be_asleep(own, child))
            return NULL;
        v->branch->items[at] = NONE;
    }
    return node;
}

/* Appends what is left of v, as far as it is needed. Returns the first new node. */
static struct node *append_sequence(struct sequence *v, struct node *node) {
    struct tree *tree = v->branch->tree;
    struct node *first = NULL;
    int32_t reversal = NONE;
    for (int i = 0; i < v->needed; i++) {
        if (v->branch->items[i] == NONE)
            continue;
        if (i == v->late_at)
            reversal = node->depth;
        node = tree_add(tree, node, item_step(v, i), item_alternative(v, i));
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
        extend(v);
    v->needed = v->late_at >= v->needed ? v->late_at + 1 : v->needed;
    const struct node *own = branch_node(v->branch, v->first + 1);
    struct node *node = descend(v, own->parent, own);
    return node == NULL ? NULL : append_sequence(v, node);
}

struct node *wakeup_insert(struct branch *branch, const struct late *late, int root_count,
                           bool *unsettled) {
    struct sequence v = {.branch = branch, .late = late, .root_count = root_count, .late_at = NONE};
    v.first = branch->roots[0];
    for (int i = 1; i < root_count; i++)
        v.first = branch->roots[i] < v.first ? branch->roots[i] : v.first;
    v.next = v.first + 1;
    struct node *node = insert(&v);
    *unsettled |= v.guessed || v.looked_on;
    return node;
}
