/* SPDX-License-Identifier: MIT */
/* The race detector: each access of the program is held against what others did to the same bytes. */
#ifndef HAZARD_EXPLORE_RUNTIME_RACE_H
#define HAZARD_EXPLORE_RUNTIME_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/runtime/shadow.h"

/* A plain access by the calling thread: heap check, race check, and, where the memory is known to
 * be raced on and races are tolerated, a step. It is part of a call or copy that touches more... */
void race_access(uintptr_t address, size_t size, bool write, uintptr_t pc);
/* ... or stands by itself. */
void race_one(uintptr_t address, size_t size, bool write, uintptr_t pc);

/* An access within a call, in a signal handler: it is checked, but is no step of its own. */
void race_observe(uintptr_t address, size_t size, bool write, uintptr_t pc);

/* Is that access, by the calling thread since its last release, known already? */
bool race_knows(uintptr_t address, size_t size, bool write);

/* Was the granule of that address accessed in this execution, by anyone? */
bool race_has_heard(uintptr_t address);

/* All that follows when an access is not a repetition. `part`: of a call or copy that touches
 * more. */
void race_slow(uintptr_t address, size_t size, bool write, uintptr_t pc, bool part);

/* The calling thread, in a step of its own, has just acquired what an atomic there offers, and reads it: do all
 * stores there that it may see happen before it? */
bool race_reads_in_order(uintptr_t address, size_t size);

/* An atomic access, within its own step, after what it acquires and before what it releases: it
 * races with plain ones only. */
void race_atomic(uintptr_t address, size_t size, bool write, uintptr_t pc);

/* A block was made or freed: its bytes are as if just written by the calling thread. */
void race_forget(uintptr_t address, size_t size);

/* A block is about to be freed: steps, where it is known to be raced on... */
void race_before_free(uintptr_t address, size_t size, uintptr_t pc);
/* ... and is freed: a write of all of it. Afterwards the heap watches over it. */
void race_free(uintptr_t address, size_t size, uintptr_t pc);

/* A function of the calling thread is left, and what lies there with it; others must be through. */
void race_leave(uintptr_t low, uintptr_t top, uintptr_t pc);

/* `address` is accessed, and the allocation of its block, at that place, was not ordered before. */
void race_with_allocation(uintptr_t address, size_t size, bool write, uintptr_t pc, int actor,
                          uint32_t stack, uintptr_t allocation_pc);

/* shadow.c meets an access of the past that has bytes in common with the one at hand: the earlier is
 * not ordered before the other. */
void race_meet(const struct past *earlier, const struct past *now, uintptr_t granule);

#endif
