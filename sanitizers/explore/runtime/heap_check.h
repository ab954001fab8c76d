/* SPDX-License-Identifier: MIT */
/*
 * The program's heap, as far as accesses to it can be wrong. Each actor allocates from a region of its
 * own, so that an address depends only on what its thread did before, not on the schedule. Freed blocks
 * are not used again within an execution (until much is freed), so that a use after free is seen.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_HEAP_CHECK_H
#define HAZARD_EXPLORE_RUNTIME_HEAP_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/shared.h"

static inline bool heap_has(uintptr_t address) { /* in a region of ours at all? */
    return address - HEAP_ADDRESS < HEAP_SIZE * OP_ACTORS;
}

/* Reports a use after free or an access beyond the block (found(), no return). */
void heap_check(uintptr_t address, size_t size, bool write, uintptr_t pc);

/* The same, of an object that threads synchronise on, which is said in place of a read: `object` is
 * "mutex @". */
void heap_check_object(uintptr_t address, size_t size, struct message_part object, uintptr_t pc);

/* Adds to a finding where the block at that address was allocated, and freed. */
void heap_explain(struct shared_finding *finding, uintptr_t address);

#endif
