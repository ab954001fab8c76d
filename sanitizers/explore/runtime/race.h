/* SPDX-License-Identifier: MIT */
/*
 * Happens-before between the program's threads (C11, POSIX), and the race detector that stands on
 * it.
 *
 * This order is not the search's: it knows only what synchronises, so two accesses that it leaves
 * unordered are a data race.
 */
#ifndef HAZARD_EXPLORE_RACE_H
#define HAZARD_EXPLORE_RACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A plain access by the calling thread: heap check, race check, and, where the memory is known to
 * be raced on and races are tolerated, a step. */
void race_access(uintptr_t address, size_t size, bool write, uintptr_t pc);

/* What synchronises: a release by one actor, then an acquire of the same object by another.
 * `object`: any address; readers-writer locks use object and (char *)object + 1 for their readers'
 * releases. */
void hb_release(const void *object);
void hb_acquire(const void *object);
void hb_fork(int child); /* by the creator, when it creates */
void hb_join(int actor); /* by who joins, when the joined has ended */

/* A block was made or freed: its bytes are as if just written by the calling thread. */
void race_forget(uintptr_t address, size_t size);

/* --- for atomics.c and the heap --- */

/* An atomic access, within its own step, after what it acquires and before what it releases: it
 * races with plain ones only. */
void race_atomic(uintptr_t address, size_t size, bool write, uintptr_t pc);

/* C11's atomics; `order` is a memory_order. A read-modify-write: hb_load, then hb_modify. */
void hb_load(const void *object, int order);
void hb_store(const void *object, int order);
void hb_modify(const void *object, int order);
void hb_fence(int order);

/* A block is about to be freed: steps, where it is known to be raced on... */
void race_before_free(uintptr_t address, size_t size, uintptr_t pc);
/* ... and is freed: a write of all of it. Afterwards the heap watches over it. */
void race_free(uintptr_t address, size_t size, uintptr_t pc);

/* The calling thread's time, for who remembers an event, and whether that event of that actor
 * happens before what the calling thread does now. */
uint32_t race_time(void);
bool race_ordered(int actor, uint32_t time);

/* `address` is accessed, and the allocation of its block, at that place, was not ordered before. */
void race_with_allocation(uintptr_t address, size_t size, bool write, uintptr_t pc, int actor,
                          uint32_t stack, uintptr_t allocation_pc);

#endif
