/* SPDX-License-Identifier: MIT */
/*
 * Which races an execution shows, and their reversal.
 *
 * Event e races with a later event, `late`, of another actor if their operations are dependent, e
 * is not in the past of `late` (what comes before it in any case: earlier events of its actor, what
 * woke its actor), and `late` could happen without e and what follows from e. The last is a
 * question of guards only: without them, what are the states of the objects that `late` needs? A
 * lock that follows an unlock does not race with it, but with the lock before it.
 *
 * Only maximal races are reversed: not e if some y races with `late` and e happens before y. The
 * execution in which `late` comes before y will show its race with e.
 *
 * Blocked operations. An operation that was not executed (its actor is blocked for ever, or the
 * process ended first) is dealt with as if it stood at the end. And one that blocks for a while, or
 * for ever, may need more than one event left out: a writer that two readers keep out, each of
 * which waits for the other's step inside, can only come before both. So if a guard fails without
 * e, whoever holds what is needed is left out too (make_room), until it holds: what remains is the
 * largest part of the execution without e in which `late` is enabled. By shrinking it again and
 * again, every part in which `late` is enabled is reached; those parts are what different
 * executions have before `late`.
 *
 * A prefix that executions share has its races reversed by the first of them, as long as what that
 * one did later was not used in the answer (`unsettled`, see wakeup.c).
 */
#include "explore/search/dpor/races.h"
#include "explore/search/dpor/wakeup.h"

enum { FAR_TRIES = 4 };

/* --- what the late event is --- */

/* The state of the object after its access `ref` and those before it; false: not known. */
static bool find_state(const struct trace *trace, int32_t ref, int32_t *state) {
    for (; ref != NONE; ref = trace_link(trace, ref)->before) {
        const struct access *access = trace_access(trace, ref);
        *state = access->before + access->delta;
        if (access->need != 0 || access->delta != 0)
            return true; /* others do not look at the state */
    }
    return false;
}

/* In place, as in footprint_set. */
static void late_executed(struct late *late, const struct trace *trace, int index) {
    const struct record *record = &trace->records[index];
    late->index = index;
    late->op = &record->event.op;
    late->footprint = record->asked;
    late->previous = record->previous;
    late->enabled_by = record->event.enabled_by;
    late->all_before = record->all_before;
    late->enabled = true;
    for (int i = 0; i < late->op->access_count; i++) {
        late->top[i] = record->link[i].before;
        while (late->top[i] != NONE && late->top[i] / REF_ACCESSES == index)
            late->top[i] = trace_link(trace, late->top[i])->before;
        late->state[i] = late->op->access[i].before;
        late->state_known[i] = true;
    }
}

/* Makes its clock, too. */
static struct late pending_late(struct branch *branch, int actor, const struct actor_view *view) {
    struct trace *trace = &branch->trace;
    bool ended = trace->count > 0 && trace->last_all == trace->count - 1;
    struct late late = {.index = trace->count,
                        .op = view->pending,
                        .footprint = footprint_announced(view->pending, actor),
                        .previous = trace->last[actor],
                        .enabled_by = view->enabled_by,
                        .all_before = trace->last_all,
                        .enabled = view->enabled || (ended && branch->could_go[actor])};
    int32_t slots[OP_ACCESSES];
    for (int i = 0; i < late.op->access_count; i++) {
        slots[i] = late.op->access[i].mode == MODE_ALL
                       ? NONE
                       : trace_slot(trace, late.op->access[i].object);
        late.top[i] = slots[i] == NONE ? NONE : trace->slots[slots[i]].last;
        late.state_known[i] = find_state(trace, late.top[i], &late.state[i]);
    }
    trace_past(trace, actor, view->enabled_by);
    trace_join(trace, late.op, slots);
    return late;
}

static bool in_past(const struct trace *trace, const struct late *late, int event) {
    int actor = trace->records[event].event.actor;
    return (late->previous != NONE && trace_clock(trace, late->previous)[actor] > event) ||
           (late->enabled_by >= 0 && trace_clock(trace, late->enabled_by)[actor] > event);
}

/* --- leaving out --- */

static void add_root(struct branch *branch, int count, int event) {
    branch->roots = arena_grow(branch->own, branch->roots, sizeof *branch->roots,
                               &branch->root_capacity, count + 1);
    branch->roots[count] = event;
}

static bool is_dropped(const struct branch *branch, int root_count, int event) {
    for (int i = 0; i < root_count; i++)
        if (branch->roots[i] <= event && trace_before(&branch->trace, branch->roots[i], event))
            return true;
    return false;
}

static int first_root(const struct branch *branch, int root_count) {
    int first = branch->roots[0];
    for (int i = 1; i < root_count; i++)
        first = branch->roots[i] < first ? branch->roots[i] : first;
    return first;
}

/* What those that are left out add to the object of access i of `late`. */
static int32_t dropped_delta(const struct branch *branch, const struct late *late, int i,
                             int root_count) {
    const struct trace *trace = &branch->trace;
    int first = first_root(branch, root_count);
    int32_t sum = 0;
    for (int32_t ref = late->top[i]; ref != NONE && ref / REF_ACCESSES >= first;
         ref = trace_link(trace, ref)->before)
        if (trace_access(trace, ref)->delta != 0 &&
            is_dropped(branch, root_count, ref / REF_ACCESSES))
            sum += trace_access(trace, ref)->delta;
    return sum;
}

/* Does guard i of `late` hold without what is left out? */
static bool guard_holds(const struct branch *branch, const struct late *late, int i,
                        int root_count) {
    const struct access *access = &late->op->access[i];
    if (access->need <= 0)
        return true;
    if (access->need == OP_QUIET)
        return false;
    int32_t dropped = dropped_delta(branch, late, i, root_count);
    if (late->state_known[i])
        return late->state[i] - dropped >= access->need;
    return late->enabled; /* nobody has touched the object's state: it is as it stands */
}

static int failing_guard(const struct branch *branch, const struct late *late, int root_count) {
    for (int i = 0; i < late->op->access_count; i++)
        if (!guard_holds(branch, late, i, root_count))
            return i;
    return NONE;
}

/* The latest event not left out that holds what guard i needs: it took something, and if takers
 * commute, its actor has not given it back. NONE: there is none that `late` could do without. */
static int find_holder(const struct branch *branch, const struct late *late, int i,
                       int root_count) {
    const struct trace *trace = &branch->trace;
    int32_t balance[OP_ACTORS];
    memset(balance, 0, sizeof balance);
    for (int32_t ref = late->top[i]; ref != NONE; ref = trace_link(trace, ref)->before) {
        int event = ref / REF_ACCESSES;
        const struct access *access = trace_access(trace, ref);
        int actor = trace->records[event].event.actor;
        if (access->delta == 0 || is_dropped(branch, root_count, event))
            continue;
        balance[actor] += access->delta;
        bool holds = !mode_commutes(access->mode, access->mode) || balance[actor] < 0;
        if (access->delta < 0 && holds && !in_past(trace, late, event))
            return event;
    }
    return NONE;
}

static bool gives(const struct op *op, uint64_t object) {
    for (int i = 0; i < op->access_count; i++)
        if (op->access[i].object == object && op->access[i].delta > 0)
            return true;
    return false;
}

/* Makes the roots: `event`, and more until `late` is enabled without what is left out. How many;
 * 0: it cannot be. An event that gave what is missing is not the one to be left out: who took it
 * is. */
static int make_room(struct branch *branch, const struct late *late, int event) {
    int count = 1;
    add_root(branch, 0, event);
    for (int i; (i = failing_guard(branch, late, count)) != NONE;) {
        const struct access *access = &late->op->access[i];
        if (access->need == OP_QUIET || !late->state_known[i] ||
            gives(&branch->trace.records[event].event.op, access->object))
            return 0;
        int holder = find_holder(branch, late, i, count);
        if (holder == NONE)
            return 0;
        add_root(branch, count++, holder);
    }
    return count;
}

/* --- candidates --- */

struct search_back {
    struct branch *branch;
    const struct late *late;
    int count;    /* candidates */
    bool far;     /* whatever conflicts is wanted, back to the first event */
    int roots;    /* how many the last event considered needs: they are still there; 0: too many */
    int32_t stop; /* all before this event are ordered through what was met */
};

/* Does some candidate come after the event, or is one it? */
static bool is_subsumed(const struct search_back *back, int event) {
    for (int i = 0; i < back->count; i++) {
        int other = back->branch->candidates[i];
        if (other >= event && trace_before(&back->branch->trace, event, other))
            return true;
    }
    return false;
}

static void keep_candidate(struct search_back *back, int event) {
    struct branch *branch = back->branch;
    branch->candidates = arena_grow(branch->own, branch->candidates, sizeof *branch->candidates,
                                    &branch->candidate_capacity, back->count + 1);
    branch->candidates[back->count++] = event;
}

/* The event conflicts with `late`. Does it, or one after it, race? */
static bool consider(struct search_back *back, int event) {
    if (!back->far) {
        if (is_subsumed(back, event))
            return true;
        back->roots = make_room(back->branch, back->late, event);
        if (back->roots == 0)
            return false;
    }
    keep_candidate(back, event);
    return !back->far;
}

/* Walks back the accesses to the object of access i. */
static void consider_object(struct search_back *back, int i) {
    const struct trace *trace = &back->branch->trace;
    const struct access *access = &back->late->op->access[i];
    uint8_t remaining = access->bytes;
    int32_t ref = back->late->top[i];
    while (ref != NONE && ref / REF_ACCESSES > back->stop) {
        int event = ref / REF_ACCESSES;
        const struct access *early = trace_access(trace, ref);
        bool commutes = mode_commutes(early->mode, access->mode);
        bool past = in_past(trace, back->late, event);
        if (past && access_covers(early, access, remaining))
            return;
        if (!past && !commutes && (early->bytes & access->bytes) != 0 && consider(back, event) &&
            early->mode == MODE_WRITE) {
            remaining &= (uint8_t)~early->bytes;
            if (remaining == 0)
                return;
        }
        ref = commutes ? trace_link(trace, ref)->other : trace_link(trace, ref)->before;
    }
}

/* Events that conflict with everything: those before one that races need not be looked at. */
static void consider_all(struct search_back *back) {
    const struct trace *trace = &back->branch->trace;
    back->stop = NONE;
    for (int32_t event = back->late->all_before; event != NONE;
         event = trace->records[event].all_before) {
        if (in_past(trace, back->late, event) || consider(back, event)) {
            back->stop = event;
            return;
        }
    }
}

/* `late` conflicts with everything: each other actor's latest event is a candidate. */
static void consider_everyone(struct search_back *back) {
    const struct trace *trace = &back->branch->trace;
    const int32_t *clock = trace_clock(trace, back->late->index);
    for (int actor = 0; actor < trace->width; actor++) {
        if (actor == back->late->footprint.actor)
            continue;
        int event = clock[actor] - 1;
        if (event != NONE && event > back->stop && !in_past(trace, back->late, event))
            consider(back, event);
    }
}

static void find_candidates(struct search_back *back) {
    consider_all(back);
    for (int i = 0; i < back->late->op->access_count; i++) {
        if (back->late->op->access[i].mode == MODE_ALL)
            consider_everyone(back);
        else
            consider_object(back, i);
    }
}

/* --- reversal --- */

/* Candidates of one object may have been subsumed by those of the next. */
static bool is_maximal(const struct search_back *back, int at) {
    const struct trace *trace = &back->branch->trace;
    const int32_t *candidates = back->branch->candidates;
    for (int i = 0; i < back->count; i++) {
        bool same = candidates[i] == candidates[at];
        if (i != at && candidates[i] >= candidates[at] && (!same || i < at) &&
            trace_before(trace, candidates[at], candidates[i]))
            return false;
    }
    return true;
}

static bool reverse_late(struct branch *branch, const struct late *late) {
    struct search_back back = {.branch = branch, .late = late};
    bool unsettled = false;
    find_candidates(&back);
    for (int i = 0; i < back.count; i++) {
        if (!is_maximal(&back, i))
            continue;
        bool made = back.count == 1 && back.roots > 0;
        int roots = made ? back.roots : make_room(branch, late, branch->candidates[i]);
        wakeup_insert(branch, late, roots, &unsettled);
    }
    return unsettled;
}

/* Has it waited for nothing but what the only event before it gave? A join does: no race. */
static bool waited_for_first(const struct trace *trace, const struct record *record) {
    const struct access *access = &record->event.op.access[0];
    int32_t before = record->link[0].before;
    if (record->event.op.access_count != 1 || access->need <= 0 || access->need == OP_QUIET ||
        before == NONE || trace_link(trace, before)->before != NONE)
        return false;
    int32_t given = trace_access(trace, before)->delta;
    return record->all_before == NONE && given > 0 && access->before - given < access->need;
}

static void reverse_executed(struct branch *branch, int index) {
    if (waited_for_first(&branch->trace, &branch->trace.records[index]))
        return;
    struct late late;
    late_executed(&late, &branch->trace, index);
    if (!reverse_late(branch, &late))
        return;
    branch->trace.records[index].unsettled = true;
    if (index < branch->valid)
        branch->path[index + 1].node->unsettled = true;
}

static void reverse_pending(struct branch *branch, const struct view *view) {
    for (int actor = 0; actor < view->count; actor++) {
        const struct actor_view *here = &view->actors[actor];
        if (!here->alive || here->pending == NULL)
            continue;
        struct late late = pending_late(branch, actor, here);
        reverse_late(branch, &late);
    }
}

/* Of what conflicts with the late event, the earliest that can be left out: how many roots it
 * needs. 0: there is none, or it is not among the first few. */
static int find_earliest(const struct search_back *back) {
    int32_t tried = NONE;
    for (int tries = 0; tries < FAR_TRIES; tries++) {
        int32_t earliest = back->late->index;
        for (int i = 0; i < back->count; i++)
            if (back->branch->candidates[i] > tried && back->branch->candidates[i] < earliest)
                earliest = back->branch->candidates[i];
        int roots =
            earliest < back->late->index ? make_room(back->branch, back->late, earliest) : 0;
        if (roots > 0 || earliest == back->late->index)
            return roots;
        tried = earliest;
    }
    return 0;
}

/*
 * The chase. This execution was made by reversing an event, and it may have to come earlier still.
 * Step by step that takes as many executions as there are conflicting events before it; so here it
 * is put before all of them at once, and that is tried next.
 */
static void chase_reversed(struct branch *branch) {
    if (branch->reversal == NONE || branch->reversal >= branch->trace.count)
        return;
    struct late late;
    late_executed(&late, &branch->trace, branch->reversal);
    struct search_back back = {.branch = branch, .late = &late, .far = true};
    bool unsettled = false;
    find_candidates(&back);
    int roots = find_earliest(&back);
    struct node *node = roots > 0 ? wakeup_insert(branch, &late, roots, &unsettled) : NULL;
    if (node != NULL)
        tree_chase(branch->tree, node);
}

void races_reverse(struct branch *branch, const struct view *view) {
    for (int i = 0; i < branch->executed; i++)
        if (branch->trace.records[i].unsettled)
            reverse_executed(branch, i);
    for (int i = branch->executed; i < branch->trace.count; i++)
        if (branch->trace.records[i].concurrent)
            reverse_executed(branch, i);
    reverse_pending(branch, view);
    if (tree_looks_around(branch->tree))
        chase_reversed(branch);
}
