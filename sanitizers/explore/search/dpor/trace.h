/* SPDX-License-Identifier: MIT */
/*
 * The execution at hand as a trace: its events, which of them happen before which, and for each
 * object the chain of accesses to it.
 */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_TRACE_H
#define HAZARD_EXPLORE_SEARCH_DPOR_TRACE_H

#include "explore/search/arena.h"
#include "explore/search/dpor/footprint.h"

enum { NONE = -1 };

/* An access is referred to by its event's index and its own: REF_ACCESSES * event + access. */
enum { REF_ACCESSES = 4 };

struct link {
    int32_t slot;   /* of the object; NONE for MODE_ALL, which has no chain */
    int32_t before; /* the access to the object before this one, or NONE */
    int32_t other;  /* the latest one before it that does not commute with it by its mode */
};

struct record {
    struct event event;
    struct footprint footprint; /* of the operation as it came out */
    struct footprint asked;     /* as it was announced: what it may come out as elsewhere */
    struct link link[OP_ACCESSES];
    int32_t previous;   /* the actor's previous event */
    int32_t all_before; /* the latest event before it that conflicts with everything */
    bool concurrent;    /* it is dependent on an event that is not in its past */
    bool unsettled;     /* its races may have to be looked at again: races.c */
};

struct slot {
    uint64_t object;
    int32_t last; /* access to it */
};

struct trace {
    struct arena *arena;
    struct record *records;
    int count, capacity;
    int32_t *clocks; /* a row of `width` per event */
    int clock_capacity;
    int width;
    int32_t last[OP_ACTORS]; /* each actor's latest event */
    int32_t last_all;
    struct slot *slots;
    int32_t *index; /* hash table of slots; NONE: empty */
    int slot_count, slot_capacity, index_capacity;
    int reclaimed; /* how often slots were renumbered */
};

void trace_init(struct trace *trace, struct arena *arena);
void trace_truncate(struct trace *trace, int count);
void trace_append(struct trace *trace, const struct event *event, const struct footprint *asked);

/* The slot of an object; NONE if nothing has touched it. */
int32_t trace_slot(const struct trace *trace, uint64_t object);

/* Row of an event: for each actor, 1 + the index of its latest event that happens before this one
 * (or is this one). Row `count` is free for an event that has not been executed. */
static inline int32_t *trace_clock(const struct trace *trace, int event) {
    return &trace->clocks[(size_t)event * (size_t)trace->width];
}

/* Does event a happen before b, or are they one? */
static inline bool trace_before(const struct trace *trace, int a, int b) {
    return trace_clock(trace, b)[trace->records[a].event.actor] > a;
}

static inline const struct access *trace_access(const struct trace *trace, int32_t ref) {
    return &trace->records[ref / REF_ACCESSES].event.op.access[ref % REF_ACCESSES];
}
static inline const struct link *trace_link(const struct trace *trace, int32_t ref) {
    return &trace->records[ref / REF_ACCESSES].link[ref % REF_ACCESSES];
}

/* Row `count`, as if an event of that actor were appended: its past, which is what happens
 * before it whatever it does. */
void trace_past(struct trace *trace, int actor, int32_t enabled_by);
/* ... and what its accesses conflict with; `slots` are those of their objects. Was that news? */
bool trace_join(struct trace *trace, const struct op *op, const int32_t *slots);

/* By their modes alone, do two accesses to the same bytes commute? */
static inline bool mode_commutes(uint8_t a, uint8_t b) {
    return a == b && a != MODE_WRITE && a != MODE_ALL;
}

/* Is everything that conflicts with access `late`, on the bytes that remain, also in conflict with
 * `early`? Then whatever came before `early` is ordered through it. */
static inline bool access_covers(const struct access *early, const struct access *late,
                                 uint8_t remaining) {
    return (remaining & ~early->bytes) == 0 &&
           (early->mode == MODE_WRITE || early->mode == late->mode);
}

#endif
