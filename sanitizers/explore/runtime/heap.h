/* SPDX-License-Identifier: MIT */
/*
 * The program's heap. Each actor allocates from a region of its own, so that an address depends
 * only on what its thread did before, not on the schedule. Freed blocks are not used again within
 * an execution (until much is freed), so that a use after free is seen.
 */
#ifndef HAZARD_EXPLORE_HEAP_H
#define HAZARD_EXPLORE_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool heap_has(uintptr_t address); /* in a region of ours at all? */

/* Reports a use after free or an access beyond the block (found(), no return). */
void heap_check(uintptr_t address, size_t size, bool write, uintptr_t pc);

/* Before main: keeps what was allocated so far as every execution's start. Between executions:
 * back to that. */
void heap_keep(void);
void heap_begin(void);

/* The pages that hold what was kept, for rewind.c to bring back. */
void heap_kept(char **start, char **end);

/* A hash of all that is allocated: for the detection of recurring states. */
uint64_t heap_hash(uint64_t hash);

#include "explore/runtime/kernel.h"

/* Adds to a finding where the block at that address was allocated, and freed. */
void heap_explain(struct shared_finding *finding, uintptr_t address);

static inline bool heap_has(uintptr_t address) {
    return address - HEAP_ADDRESS < HEAP_SIZE * OP_ACTORS;
}

#endif
