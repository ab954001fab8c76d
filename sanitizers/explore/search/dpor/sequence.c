/* SPDX-License-Identifier: MIT */
/*
 * v is put in an order in which what `late` needs comes first, then `late`, then the rest; and it
 * is made only as far as it is looked at. Whether a step has a part in what is not yet made is told
 * from the chains of the trace, where they are short.
 */
#include "explore/search/dpor/sequence.h"

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
bool sequence_extend(struct sequence *v) {
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

int sequence_alternative(const struct sequence *v, int at) {
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

void sequence_take_out(struct sequence *v, int at) {
    v->items[at].step = NULL;
    while (v->from < v->count && v->items[v->from].step == NULL)
        v->from++;
}

/* --- a step that has no part in v --- */

enum { FEW = 16 }; /* events to look at before v is gone through instead */

/*
 * What conflicts with the first root comes after it, and is left out. So v has no part of a step if
 * the root conflicts with all that the step does; nor of its actor if the root is bound to conflict
 * with that actor's next operation. `late` is another matter.
 */
static bool is_ruled_out(const struct sequence *v, const struct footprint *step) {
    const struct footprint *root = &v->trace->records[v->first].footprint;
    return footprint_covers(root, step) && footprint_forces(root, step);
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

/* Can item `at` of v come first in v? Where the step that stands for it may be another than its
 * own (`unsure`, or another alternative) it is its own operation that counts. */
static bool can_come_first(const struct sequence *v, int at, bool unsure) {
    int event = v->items[at].event;
    if (item_woken(v, at) || (unsure && event == v->late->index))
        return false;
    if (!unsure && (event == v->late->index || v->trace->records[event].event.alternatives <= 1))
        return true;
    for (int i = v->from; i < at; i++)
        if (v->items[i].step != NULL && footprint_dependent(v->items[i].step, v->items[at].step))
            return false;
    return true;
}

static enum match no_initial(struct sequence *v, int at) {
    v->needed = at >= v->needed ? at + 1 : v->needed;
    return NO_INITIAL;
}

/*
 * Is the step a weak initial of v? *at is its place in v, or what keeps it from that.
 *
 * A step that was only announced may come out as less, and so commute with what it seems to conflict
 * with. If its actor has an event in v, that tells how it comes out: as the event did, if that
 * commutes with all before it. Else it is taken for the most that it may come out as.
 */
enum match sequence_match(struct sequence *v, const struct footprint *step, int *at) {
    int first = v->from < v->late_at && skips_to_late(v, step) ? v->late_at : v->from;
    int unsure = NONE; /* the first item with which it may conflict */
    for (int i = first, known = v->count;; i++) {
        if (i >= v->count && ((i == known && is_apart(v, step)) || !sequence_extend(v)))
            break;
        const struct footprint *other = v->items[i].step;
        if (other == NULL)
            continue;
        *at = i;
        if (other->actor == step->actor && can_come_first(v, i, unsure != NONE))
            return FIRST;
        if (other->actor == step->actor || footprint_surely_dependent(other, step))
            return no_initial(v, i);
        if (unsure == NONE && footprint_dependent(other, step))
            unsure = i;
    }
    *at = unsure;
    return unsure == NONE ? APART : no_initial(v, unsure);
}
