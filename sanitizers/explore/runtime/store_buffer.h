/* SPDX-License-Identifier: MIT */
/*
 * Store buffers, as x86-64 has them: x86-TSO (Sewell, Sarkar, Owens, Zappa Nardelli, Myreen, CACM 2010).
 *
 * A store weaker than seq_cst waits in its thread's buffer and reaches memory later, first in first
 * out, as a step of an actor of its own (the buffer's, `fiber->buffer_of`). The thread's own loads
 * look into the buffer first; a fence, a read-modify-write and what else synchronises let it drain.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_STORE_BUFFER_H
#define HAZARD_EXPLORE_RUNTIME_STORE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/op.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hb.h"

enum { STORE_BYTES = 16 }; /* the largest store that can wait */

/* Can a store of that size wait at all: is it one instruction? */
bool store_buffer_takes(uintptr_t address, size_t size);

/* The calling thread's buffer is emptied by that actor from now on. */
void store_buffer_make(struct fiber *drainer);

/* One more store of the calling thread waits, the latest. Within its step OP_BUFFER; there is room.
 * `order`: the memory_order, weaker than seq_cst. */
void store_buffer_put(uintptr_t address, size_t size, const void *value, int order, uintptr_t pc);

/* Likewise a store that gives a spin lock free, `object`: it adds one to its counter as it arrives. Does one
 * to that lock wait? */
void store_buffer_unlock(uint64_t object, uintptr_t address, uintptr_t pc);
bool store_buffer_unlocks(uint64_t object);

/* Is a store of the calling thread to one of these bytes still on its way? Only within a step that reads
 * them: it hangs on what others did. */
bool store_buffer_hides(uintptr_t address, size_t size);

/* That thread goes on, and memory becomes what it sees; it has entered the kernel, and memory becomes
 * what others see. */
void store_buffer_show(const struct fiber *owner);
void store_buffer_hide(const struct fiber *owner);

/* Must the calling thread's buffer be empty before that operation? */
bool store_buffer_stops(const struct op *op);
/* The operation that waits until the first `count` of its stores have reached memory, and, once it
 * has happened, the word that they have. */
struct op store_buffer_drain(int count);
void store_buffer_drained(int count);

/* What waiting stores will offer: hb_each(). */
void store_buffer_each(hb_visitor *visit, void *data);

/* The drainer's step: a store reaches memory. */
void store_buffer_flush(struct fiber *drainer);

#endif
