/* SPDX-License-Identifier: MIT */
/*
 * What is kept of an operation to tell on what it depends: 32 bytes, as the tree of the search has
 * one in each node and in each entry of a sleep set.
 */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_FOOTPRINT_H
#define HAZARD_EXPLORE_SEARCH_DPOR_FOOTPRINT_H

#include "explore/op.h"

struct footprint {
    uint64_t object[OP_ACCESSES];
    uint8_t mode[OP_ACCESSES], bytes[OP_ACCESSES];
    uint8_t count : 5;     /* of accesses */
    uint8_t elsewhere : 1; /* in a sleep set: another search explores what it leads to */
    uint8_t all : 1;       /* it conflicts with everything: one of them is MODE_ALL */
    uint8_t
        tentative : 1; /* announced, and of a kind that may come out as less: a try that fails */
    uint8_t actor;
};

/* In place: to copy bytes that were just written as one costs the processor a stall. */
static inline void footprint_set(struct footprint *footprint, const struct op *op, int actor,
                                 bool tentative) {
    bool all = false;
    for (int i = 0; i < op->access_count; i++) {
        footprint->object[i] = op->access[i].object;
        footprint->mode[i] = op->access[i].mode;
        footprint->bytes[i] = op->access[i].bytes;
        all |= op->access[i].mode == MODE_ALL;
    }
    footprint->count = op->access_count & 0x1fU;
    footprint->all = all;
    footprint->tentative = tentative;
    footprint->elsewhere = false;
    footprint->actor = (uint8_t)actor;
}

static inline struct footprint footprint_of(const struct op *op, int actor) {
    struct footprint footprint = {0};
    footprint_set(&footprint, op, actor, false);
    return footprint;
}

static inline bool footprint_overlap(const struct footprint *a, int i, const struct footprint *b,
                                     int j) {
    return a->object[i] == b->object[j] && (a->bytes[i] & b->bytes[j]) != 0;
}

/* op_dependent, from footprints. */
static inline bool footprint_dependent(const struct footprint *a, const struct footprint *b) {
    if (a->all || b->all)
        return true;
    for (int i = 0; i < a->count; i++)
        for (int j = 0; j < b->count; j++)
            if (footprint_overlap(a, i, b, j) &&
                (a->mode[i] != b->mode[j] || a->mode[i] == MODE_WRITE))
                return true;
    return false;
}

/* Is it dependent on the other's operation, whatever that comes out as? The objects that an
 * operation touches are always the same, only the modes may differ. */
static inline bool footprint_forces(const struct footprint *a, const struct footprint *other) {
    for (int i = 0; i < a->count; i++)
        for (int j = 0; j < other->count; j++)
            if (a->mode[i] == MODE_WRITE && footprint_overlap(a, i, other, j))
                return true;
    return false;
}

/* Is it dependent on the other, whatever that comes out as, which may only have been announced? */
static inline bool footprint_surely_dependent(const struct footprint *a,
                                              const struct footprint *announced) {
    if (!announced->tentative)
        return footprint_dependent(a, announced);
    return a->all || announced->all || footprint_forces(a, announced);
}

/* Is everything that conflicts with the step in conflict with the event, too? */
static inline bool footprint_covers(const struct footprint *event, const struct footprint *step) {
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

/* The kinds that come out as they were announced. Of the others, some may come out as less (a
 * trylock that fails, a signal that nobody waits for); it does no harm if they never do. */
static inline bool op_is_firm(uint8_t kind) {
    const uint64_t firm =
        UINT64_C(1) << OP_START | UINT64_C(1) << OP_CREATE | UINT64_C(1) << OP_END |
        UINT64_C(1) << OP_EXIT | UINT64_C(1) << OP_RW_READ | UINT64_C(1) << OP_RW_WRITE |
        UINT64_C(1) << OP_SEM_WAIT | UINT64_C(1) << OP_SEM_POST | UINT64_C(1) << OP_LOAD |
        UINT64_C(1) << OP_STORE | UINT64_C(1) << OP_FENCE | UINT64_C(1) << OP_READ |
        UINT64_C(1) << OP_WRITE | UINT64_C(1) << OP_YIELD | UINT64_C(1) << OP_CHOOSE |
        UINT64_C(1) << OP_ASSUME | UINT64_C(1) << OP_ATOMIC;
    return (firm >> kind & 1) != 0;
}

/* The footprint of an operation that has only been announced. */
static inline struct footprint footprint_announced(const struct op *op, int actor) {
    struct footprint footprint = footprint_of(op, actor);
    footprint.tentative = !op_is_firm(op->kind);
    return footprint;
}

#endif
