/* SPDX-License-Identifier: MIT */
/*
 * What all atomic operations have in common. Before main nothing here does anything.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_ATOMICS_H
#define HAZARD_EXPLORE_RUNTIME_ATOMICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct atomic {
    uintptr_t address;
    size_t size;
    int order; /* a memory_order */
    uintptr_t pc;
};

/* The step, and what follows from its memory order; the caller then loads or stores. */
void atomic_load_begins(const struct atomic *atomic);
void atomic_store_begins(const struct atomic *atomic);
/* Or the store waits in the thread's store buffer, and all is done; false: it does not. */
bool atomic_store_waits(const struct atomic *atomic, const void *value);
/* Likewise one that gives that lock free: it is a plain store on x86-64. */
bool atomic_unlock_waits(uint64_t object, const void *lock, uintptr_t pc);

/* A read-modify-write: the step; then, once the caller knows how it comes out, either... */
void atomic_modify_begins(const struct atomic *atomic);
void atomic_modifies(const struct atomic *atomic);
void atomic_fails(const struct atomic *atomic, int order, bool for_nothing);

/* A compare-exchange that is weak or strong, nobody can tell: it is done as a strong one. */
void atomic_untold(uintptr_t pc);

#endif
