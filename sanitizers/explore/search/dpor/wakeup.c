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

/* v, as far as it has been looked at. Items are indices in the trace. */
struct sequence {
    struct branch *branch;
    const struct trace *trace;
    const struct late *late;
    struct branch_item *items;
    int root_count;
    int first; /* the earliest root: v starts from the prefix before it */
    int count;
    int from;    /* all items before this one were taken out */
    int late_at; /* where `late` is among the items; NONE: not yet there */
    int next;    /* the next event to consider */
    int needed;  /* so many items are necessary */
    /* Who the items before `late` are by, and a bit for each object (hashed), by modes. */
    uint64_t actors[OP_ACTORS / 64], objects[MODE_ALL];
    bool looked_on; /* some answer rests on what comes after `late`, or that nothing does */
    bool guessed;   /* some answer rests on what a step may come out as */
};

/* Is the event, of those behind the first root, a root or after one? */
static bool is_dropped(const struct sequence *v, int event) {
    const int32_t *clock = trace_clock(v->trace, event);
    for (int i = 0; i < v->root_count; i++) {
        int root = v->branch->roots[i];
        if (clock[v->trace->records[root].footprint.actor] > root)
            return true;
    }
    return false;
}

static bool is_past(const struct sequence *v, int event) {
    return event < v->late->index && trace_before(v->trace, event, v->late->index);
}

static void append_item(struct sequence *v, int event) {
    struct branch *branch = v->branch;
    branch->items = arena_grow(branch->own, branch->items, sizeof *branch->items,
                               &branch->item_capacity, v->count + 1);
    v->items = branch->items;
    v->items[v->count++] = (struct branch_item){
        .step = event == v->late->index ? &v->late->footprint : &v->trace->records[event].footprint,
        .event = event,
    };
}

static uint64_t object_bit(uint64_t object) {
    return UINT64_C(1) << ((object * UINT64_C(0x9e3779b97f4a7c15)) >> 58);
}

static void append_past(struct sequence *v, int event) {
    append_item(v, event);
    const struct footprint *step = v->items[v->count - 1].step;
    v->actors[step->actor / 64] |= UINT64_C(1) << step->actor % 64;
    if (step->all)
        memset(v->objects, 0xff, sizeof v->objects);
    for (int i = 0; i < step->count && !step->all; i++)
        v->objects[step->mode[i]] |= object_bit(step->object[i]);
}

/* Has the step surely no part in the items before `late`, and commutes with them? */
static bool skips_to_late(const struct sequence *v, const struct footprint *step) {
    if (v->late_at == NONE || step->all ||
        (v->actors[step->actor / 64] >> step->actor % 64 & 1) != 0)
        return false;
    for (int i = 0; i < step->count; i++) {
        uint64_t met = 0;
        for (int mode = 0; mode < MODE_ALL; mode++)
            met |= mode_commutes((uint8_t)mode, step->mode[i]) ? 0 : v->objects[mode];
        if ((met & object_bit(step->object[i])) != 0)
            return false;
    }
    return true;
}

static void append_late(struct sequence *v) {
    v->late_at = v->count;
    v->next = v->first + 1;
    append_item(v, v->late->index);
}

/* One more item of what `late` needs, or itself. */
static void extend_to_late(struct sequence *v) {
    const int32_t *clock = trace_clock(v->trace, v->late->index);
    int index = v->late->index, next = v->next;
    while (next < index &&
           (clock[v->trace->records[next].footprint.actor] <= next || is_dropped(v, next)))
        next++;
    v->next = next + 1;
    if (next < index)
        append_past(v, next);
    else
        append_late(v);
}

/* One more item; false: there are no more. */
static bool extend(struct sequence *v) {
    if (v->late_at == NONE) {
        extend_to_late(v);
        return true;
    }
    v->looked_on = true;
    for (; v->next < v->trace->count; v->next++) {
        if (v->next != v->late->index && !is_past(v, v->next) && !is_dropped(v, v->next)) {
            append_item(v, v->next++);
            return true;
        }
    }
    return false;
}

static int item_alternative(const struct sequence *v, int at) {
    int event = v->items[at].event;
    return event == v->late->index ? OP_ANY : v->trace->records[event].event.alternative;
}

/* Was it woken by an event that is left in v? Then it cannot come first. */
static bool item_woken(const struct sequence *v, int at) {
    int event = v->items[at].event;
    int32_t by =
        event == v->late->index ? v->late->enabled_by : v->trace->records[event].event.enabled_by;
    for (int i = v->from; i < at && by >= v->first; i++)
        if (v->items[i].step != NULL && v->items[i].event == by)
            return true;
    return false;
}

static void take_out(struct sequence *v, int at) {
    v->items[at].step = NULL;
    while (v->from < v->count && v->items[v->from].step == NULL)
        v->from++;
}

/* --- a step that has no part in v --- */

enum { FEW = 16 }; /* events to look at before v is gone through instead */

/* Is everything that conflicts with the step in conflict with `event`, too? */
static bool is_covered(const struct footprint *event, const struct footprint *step) {
    for (int i = 0; i < step->count; i++) {
        bool covered = false;
        for (int j = 0; j < event->count; j++)
            covered |= event->object[j] == step->object[i] && step->mode[i] != MODE_ALL &&
                       (event->mode[j] == MODE_WRITE || event->mode[j] == step->mode[i]) &&
                       (step->bytes[i] & ~event->bytes[j]) == 0;
        if (!covered)
            return false;
    }
    return true;
}

/* Does the event conflict with the step's operation, whatever that comes out as? */
static bool always_conflicts(const struct footprint *event, const struct footprint *step) {
    for (int i = 0; i < event->count; i++)
        for (int j = 0; j < step->count; j++)
            if (event->mode[i] == MODE_WRITE && footprint_overlap(event, i, step, j))
                return true;
    return false;
}

/*
 * What conflicts with the first root comes after it, and is left out. So v has no part of a step if
 * the root conflicts with all that the step does; nor of its actor if the root is bound to conflict
 * with that actor's next operation. `late` is another matter.
 */
static bool is_ruled_out(const struct sequence *v, const struct footprint *step) {
    const struct footprint *root = &v->trace->records[v->first].footprint;
    return is_covered(root, step) && always_conflicts(root, step);
}

/* No event of the actor is in v; false: it may be. */
static bool lacks_actor(const struct sequence *v, int actor) {
    const struct trace *trace = v->trace;
    int32_t event = trace->last[actor];
    for (int tries = FEW; event > v->first; event = trace->records[event].previous)
        if (event != v->late->index && (tries-- == 0 || !is_dropped(v, event)))
            return false;
    return true;
}

/* No event in v conflicts with access i of the step; false: one may. */
static bool lacks_conflict(const struct sequence *v, const struct footprint *step, int i) {
    const struct trace *trace = v->trace;
    int32_t slot = trace_slot(trace, step->object[i]);
    int32_t ref = slot == NONE ? NONE : trace->slots[slot].last;
    for (int tries = FEW; ref != NONE && ref / REF_ACCESSES > v->first; tries--) {
        int event = ref / REF_ACCESSES;
        const struct access *access = trace_access(trace, ref);
        bool commutes = mode_commutes(access->mode, step->mode[i]);
        bool conflicts = !commutes && (access->bytes & step->bytes[i]) != 0;
        if (tries == 0 || (conflicts && event != v->late->index && !is_dropped(v, event)))
            return false;
        ref = commutes ? trace_link(trace, ref)->other : trace_link(trace, ref)->before;
    }
    return true;
}

/* Has the step no part in what v has beyond its items, and commutes with all of it? So much is told
 * from the chains of the trace, without making v; false: it must be gone through. */
static bool is_apart(struct sequence *v, const struct footprint *step) {
    const struct footprint *late = &v->late->footprint;
    if (v->late_at == NONE && (late->actor == step->actor || footprint_dependent(late, step)))
        return false;
    if (is_ruled_out(v, step))
        return true;
    if (step->all || !lacks_actor(v, step->actor))
        return false;
    for (int i = 0; i < step->count; i++)
        if (!lacks_conflict(v, step, i))
            return false;
    v->looked_on = true;
    return true;
}

/* --- weak initials --- */

enum match {
    NO_INITIAL,
    FIRST, /* it could come first in v */
    APART  /* it has no part in v and commutes with all of it */
};

/* Can item `at` of v come first in v? For one with alternatives it is its own operation that
 * counts; `step` may be another alternative of it. */
static bool can_come_first(const struct sequence *v, int at) {
    int event = v->items[at].event;
    if (item_woken(v, at))
        return false;
    if (event == v->late->index || v->trace->records[event].event.alternatives <= 1)
        return true;
    for (int i = v->from; i < at; i++)
        if (v->items[i].step != NULL && footprint_dependent(v->items[i].step, v->items[at].step))
            return false;
    return true;
}

/* Is the step a weak initial of v? *at is its place in v. */
static enum match match(struct sequence *v, const struct footprint *step, int *at) {
    int first = v->from < v->late_at && skips_to_late(v, step) ? v->late_at : v->from;
    for (int i = first, known = v->count;; i++) {
        if (i >= v->count && ((i == known && is_apart(v, step)) || !extend(v)))
            break;
        const struct footprint *other = v->items[i].step;
        if (other == NULL)
            continue;
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

/* Does `late` nothing but access memory, if it is as it was announced? */
static bool late_is_plain(const struct late *late) {
    for (int i = 0; i < late->op->access_count; i++)
        if (late->op->access[i].need > 0 || late->op->access[i].delta != 0)
            return false;
    return !late->footprint.tentative && !late->footprint.all;
}

/* REASON */
static bool may_be_reversed_elsewhere(struct sequence *v) {
    return v->root_count == 1 && v->late->index < v->trace->count && late_is_plain(v->late) &&
           branch_is_final(v->branch, v->first);
}

static bool is_reversed_elsewhere(const struct sequence *v, const struct footprint *sleeper) {
    const struct footprint *root = &v->trace->records[v->first].footprint;
    return sleeper->actor != v->late->footprint.actor &&
           trace_clock(v->trace, v->late->index)[sleeper->actor] <= v->first &&
           always_conflicts(&v->late->footprint, sleeper) && is_covered(root, sleeper);
}

/* Does somebody who is asleep cover v? */
static bool asleep_covers(struct sequence *v) {
    int count, at;
    const struct footprint *sleep = branch_sleep(v->branch, v->first, &count);
    bool elsewhere = count > 0 && may_be_reversed_elsewhere(v);
    for (int i = 0; i < count; i++) {
        if (elsewhere && is_reversed_elsewhere(v, &sleep[i]))
            return true;
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
        child =
            tree_alternative(v->branch->tree, child, v->items[at].step, item_alternative(v, at));
        if (at == v->late_at || !may_be_asleep(own, child))
            return NULL;
        take_out(v, at);
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
        node = tree_add(tree, node, v->items[i].step, item_alternative(v, i));
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
