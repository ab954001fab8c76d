/* SPDX-License-Identifier: MIT */
/*
 * Happens-before of an execution, by vector clocks.
 *
 * An event comes after the events of its actor, after the one that woke its actor, and after each
 * earlier event with which its operation is dependent. Its clock says for each actor how far that
 * reaches back. As consecutive executions share long prefixes, the trace is truncated to what they
 * share and continued from there: clocks of the prefix stay, and the chains of accesses are
 * unwound.
 *
 * Which earlier accesses to an object an access depends on is found by walking the object's chain
 * backwards. The walk ends as soon as all that is left is ordered through what has been met; a run
 * of accesses that commute with the one at hand (a thousand reads) is skipped in one step. So the
 * cost of a long execution is linear in its length, but for programs made to spite it.
 *
 * Slots of objects that no event touches any more are reclaimed when the table is full.
 */
#include "explore/search/dpor/trace.h"

enum { SLOTS = 64 };

/* --- objects --- */

static uint32_t hash(uint64_t object) {
    return (uint32_t)((object * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

/* Where the object is in the hash table, or would be. */
static int32_t *index_of(const struct trace *trace, uint64_t object) {
    uint32_t mask = (uint32_t)trace->index_capacity - 1, at = hash(object) & mask;
    while (trace->index[at] != NONE && trace->slots[trace->index[at]].object != object)
        at = (at + 1) & mask;
    return &trace->index[at];
}

int32_t trace_slot(const struct trace *trace, uint64_t object) {
    return *index_of(trace, object);
}

static int32_t add_slot(struct trace *trace, uint64_t object, int32_t *at) {
    trace->slots[trace->slot_count] = (struct slot){object, NONE};
    *at = trace->slot_count;
    return trace->slot_count++;
}

static void clear_index(struct trace *trace) {
    memset(trace->index, 0xff, (size_t)trace->index_capacity * sizeof *trace->index);
}

/* Keeps the slots that are in use, renumbered in the order of the trace. */
static void reclaim_slots(struct trace *trace) {
    int32_t *renumbered =
        arena_new(trace->arena, (size_t)trace->slot_capacity * sizeof *renumbered);
    int32_t kept = 0;
    for (int32_t i = 0; i < trace->slot_count; i++) {
        renumbered[i] = kept;
        if (trace->slots[i].last != NONE)
            trace->slots[kept++] = trace->slots[i];
    }
    for (int i = 0; i < trace->count; i++)
        for (int j = 0; j < trace->records[i].event.op.access_count; j++)
            if (trace->records[i].link[j].slot != NONE)
                trace->records[i].link[j].slot = renumbered[trace->records[i].link[j].slot];
    arena_free(trace->arena, renumbered, (size_t)trace->slot_capacity * sizeof *renumbered);
    trace->slot_count = kept;
    trace->reclaimed++;
}

static void make_slots(struct trace *trace) {
    reclaim_slots(trace);
    if (2 * trace->slot_count >= trace->slot_capacity) {
        trace->slots = arena_grow(trace->arena, trace->slots, sizeof *trace->slots,
                                  &trace->slot_capacity, 2 * trace->slot_capacity);
        trace->index = arena_grow(trace->arena, trace->index, sizeof *trace->index,
                                  &trace->index_capacity, 2 * trace->slot_capacity);
    }
    clear_index(trace);
    for (int32_t i = 0; i < trace->slot_count; i++)
        *index_of(trace, trace->slots[i].object) = i;
}

static int32_t find_or_add_slot(struct trace *trace, uint64_t object) {
    int32_t *at = index_of(trace, object);
    if (*at != NONE)
        return *at;
    if (trace->slot_count == trace->slot_capacity) {
        make_slots(trace);
        at = index_of(trace, object);
    }
    return add_slot(trace, object, at);
}

/* --- the trace --- */

void trace_init(struct trace *trace, struct arena *arena) {
    *trace = (struct trace){.arena = arena, .width = 4, .last_all = NONE};
    memset(trace->last, 0xff, sizeof trace->last);
    trace->slots = arena_grow(arena, NULL, sizeof *trace->slots, &trace->slot_capacity, SLOTS);
    trace->index = arena_grow(arena, NULL, sizeof *trace->index, &trace->index_capacity, 2 * SLOTS);
    clear_index(trace);
}

static void unlink_accesses(struct trace *trace, const struct record *record) {
    for (int i = record->event.op.access_count - 1; i >= 0; i--)
        if (record->link[i].slot != NONE)
            trace->slots[record->link[i].slot].last = record->link[i].before;
}

void trace_truncate(struct trace *trace, int count) {
    while (trace->count > count) {
        const struct record *record = &trace->records[--trace->count];
        trace->last[record->event.actor] = record->previous;
        trace->last_all = record->all_before;
        unlink_accesses(trace, record);
    }
}

/* More actors: all rows become wider. */
static void widen(struct trace *trace, int actor) {
    int old = trace->width, wide = (actor + 4) & ~3;
    int32_t *clocks = trace->clocks;
    trace->clocks = NULL;
    trace->width = wide;
    int capacity = trace->clock_capacity;
    trace->clock_capacity = 0;
    trace->clocks = arena_grow(trace->arena, NULL, sizeof *trace->clocks, &trace->clock_capacity,
                               (trace->count + 1) * wide);
    for (int i = 0; i < trace->count; i++)
        memcpy(trace_clock(trace, i), &clocks[(size_t)i * (size_t)old],
               (size_t)old * sizeof *clocks);
    arena_free(trace->arena, clocks, (size_t)capacity * sizeof *clocks);
}

/* Rows are whole groups of four, and aligned: so the compiler need not ask. */
typedef int32_t four __attribute__((vector_size(16), may_alias));

static inline four later(four a, four b) {
    four mask = a > b;
    return (a & mask) | (b & ~mask);
}

static void join(struct trace *trace, int32_t *clock, int event) {
    four *row = (four *)clock;
    const four *other = (const four *)trace_clock(trace, event);
    for (int i = 0; i < trace->width / 4; i++)
        row[i] = later(row[i], other[i]);
}

/* Joins the rows of two events, of which either may be NONE. Rows are short: no call of memcpy. */
static void join_two(struct trace *trace, int32_t *clock, int a, int b) {
    static const four nothing[OP_ACTORS / 4 + 1];
    four *row = (four *)clock;
    const four *left = a != NONE ? (const four *)trace_clock(trace, a) : nothing;
    const four *right = b != NONE ? (const four *)trace_clock(trace, b) : nothing;
    for (int i = 0; i < trace->width / 4; i++)
        row[i] = later(left[i], right[i]);
}

void trace_past(struct trace *trace, int actor, int32_t enabled_by) {
    if (actor >= trace->width)
        widen(trace, actor);
    trace->clocks = arena_grow(trace->arena, trace->clocks, sizeof *trace->clocks,
                               &trace->clock_capacity, (trace->count + 1) * trace->width);
    bool woken = enabled_by >= 0 && enabled_by < trace->count;
    join_two(trace, trace_clock(trace, trace->count), trace->last[actor],
             woken ? enabled_by : NONE);
}

/* Orders the event to come after the accesses to the object that conflict with this one of its. */
static bool join_object(struct trace *trace, int32_t *clock, const struct access *access,
                        int32_t slot) {
    uint8_t remaining = access->bytes;
    int32_t ref = slot == NONE ? NONE : trace->slots[slot].last;
    bool news = false;
    while (ref != NONE && ref / REF_ACCESSES > trace->last_all) {
        int event = ref / REF_ACCESSES;
        const struct access *early = trace_access(trace, ref);
        bool ordered = clock[trace->records[event].event.actor] > event;
        if (ordered && access_covers(early, access, remaining))
            break;
        if (!mode_commutes(early->mode, access->mode) && (early->bytes & access->bytes) != 0) {
            if (!ordered)
                join(trace, clock, event);
            news |= !ordered;
            if (early->mode == MODE_WRITE)
                remaining &= (uint8_t)~early->bytes;
            if (remaining == 0)
                break;
        }
        const struct link *link = trace_link(trace, ref);
        ref = mode_commutes(early->mode, access->mode) ? link->other : link->before;
    }
    return news;
}

bool trace_join(struct trace *trace, const struct op *op, const int32_t *slots) {
    int32_t *clock = trace_clock(trace, trace->count);
    bool news = trace->last_all != NONE || op_conflicts_with_all(op);
    if (trace->last_all != NONE)
        join(trace, clock, trace->last_all);
    if (op_conflicts_with_all(op))
        for (int actor = 0; actor < trace->width; actor++)
            if (trace->last[actor] != NONE)
                join(trace, clock, trace->last[actor]);
    for (int i = 0; i < op->access_count; i++)
        if (op->access[i].mode != MODE_ALL)
            news |= join_object(trace, clock, &op->access[i], slots[i]);
    return news;
}

/* Appends the accesses to the chains of their objects. */
static void link_accesses(struct trace *trace, struct record *record,
                          const int32_t slots[OP_ACCESSES]) {
    for (int i = 0; i < record->event.op.access_count && i < OP_ACCESSES; i++) {
        struct link *link = &record->link[i];
        *link = (struct link){slots[i], NONE, NONE};
        if (slots[i] == NONE)
            continue;
        int32_t last = trace->slots[slots[i]].last;
        link->before = last;
        link->other = last;
        if (last != NONE &&
            mode_commutes(trace_access(trace, last)->mode, record->event.op.access[i].mode))
            link->other = trace_link(trace, last)->other;
        trace->slots[slots[i]].last = REF_ACCESSES * trace->count + i;
    }
}

/* To add one may renumber those found before it. */
static void find_slots(struct trace *trace, const struct op *op, int32_t *slots) {
    int reclaimed;
    do {
        reclaimed = trace->reclaimed;
        for (int i = 0; i < op->access_count; i++)
            slots[i] = op->access[i].mode == MODE_ALL
                           ? NONE
                           : find_or_add_slot(trace, op->access[i].object);
    } while (trace->reclaimed != reclaimed);
}

void trace_append(struct trace *trace, const struct event *event, const struct footprint *asked) {
    int actor = event->actor, index = trace->count;
    int32_t slots[OP_ACCESSES] = {NONE, NONE, NONE};
    find_slots(trace, &event->op, slots);
    trace_past(trace, actor, event->enabled_by);
    trace->records = arena_grow(trace->arena, trace->records, sizeof *trace->records,
                                &trace->capacity, index + 1);
    struct record *record = &trace->records[index];
    record->concurrent = trace_join(trace, &event->op, slots);
    trace_clock(trace, index)[actor] = index + 1;
    record->event = *event;
    footprint_set(&record->footprint, &event->op, actor, false);
    record->asked = *asked;
    record->previous = trace->last[actor];
    record->all_before = trace->last_all;
    record->unsettled = false;
    link_accesses(trace, record, slots);
    trace->count++;
    trace->last[actor] = index;
    if (op_conflicts_with_all(&event->op))
        trace->last_all = index;
}
