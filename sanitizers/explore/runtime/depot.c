/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * The nodes lie in memory that all workers and hazard share, and are their own hash table: a
 * node's number is the slot where linear probing put it. A worker claims a free slot by writing
 * its pc into it (compare-and-swap), then fills in the parent and marks it ready. There is no lock
 * that a dying worker could take along. Who meets a claimed slot that does not become ready goes
 * on to the next: at worst a stack has two numbers, which does no harm.
 *
 * Nodes with a parent beyond the table are no stacks but remember pairs for depot_first().
 */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/depot.h"

enum {
    BITS = 20,
    PROBES = 64,     /* slots looked at before the depot counts as full */
    PATIENCE = 1000, /* looks at a slot that is being filled */
    PAIR = 1 << 30   /* the tags of depot_first() */
};
_Static_assert(SHARED_STACKS == 1 << BITS, "the hash has as many bits as the depot");

static uint32_t first_slot(uint32_t parent, uintptr_t pc) {
    uint64_t mixed = (pc ^ ((uint64_t)parent << 40)) * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ (mixed >> 29) ^ parent) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(mixed >> (64 - BITS));
}

static bool is_ready(struct shared_stack *node) {
    for (int i = 0; i < PATIENCE; i++)
        if (__atomic_load_n(&node->ready, __ATOMIC_ACQUIRE) != 0)
            return true;
    return false;
}

/* Makes the node if the slot is free; then *fresh is true. False: the slot holds another. */
static bool settle(struct shared_stack *node, uint32_t parent, uintptr_t pc, bool *fresh) {
    uint64_t there = __atomic_load_n(&node->pc, __ATOMIC_RELAXED);
    *fresh = there == 0 && __atomic_compare_exchange_n(&node->pc, &there, pc, false,
                                                       __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    if (!*fresh)
        return there == pc && is_ready(node) && node->parent == parent;
    node->parent = parent;
    __atomic_store_n(&node->ready, 1, __ATOMIC_RELEASE);
    __atomic_add_fetch(&shared->stack_count, 1, __ATOMIC_RELAXED);
    return true;
}

/* 0: full. */
static uint32_t intern(uint32_t parent, uintptr_t pc, bool *fresh) {
    uint32_t slot = first_slot(parent, pc);
    for (int i = 0; i < PROBES; i++, slot = (slot + 1) % SHARED_STACKS)
        if (slot != 0 && settle(&shared->stacks[slot], parent, pc, fresh))
            return slot;
    *fresh = false;
    return 0;
}

uint32_t depot_push(uint32_t parent, uintptr_t pc) {
    const struct shared_stack *node = &shared->stacks[first_slot(parent, pc)];
    if (__builtin_expect(node->pc == pc && node->parent == parent && node->ready != 0, true))
        return (uint32_t)(node - shared->stacks);
    bool fresh;
    uint32_t stack = pc == 0 ? 0 : intern(parent, pc, &fresh);
    return stack != 0 ? stack : parent;
}

bool depot_first(uint32_t tag, uintptr_t value) {
    bool fresh;
    intern(PAIR | tag, value, &fresh);
    return fresh;
}
