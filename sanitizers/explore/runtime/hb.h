/* SPDX-License-Identifier: MIT */
/*
 * Happens-before between the program's threads (C11, POSIX).
 *
 * This order is not the search's: it knows only what synchronises, so two accesses that it leaves
 * unordered are a data race.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_HB_H
#define HAZARD_EXPLORE_RUNTIME_HB_H

#include <stdbool.h>

#include "explore/runtime/fiber.h"

/* What synchronises: a release by one actor, then an acquire of the same object by another.
 * `object`: any address; readers-writer locks use object and (char *)object + 1 for their readers'
 * releases. */
void hb_release(const void *object);
void hb_acquire(const void *object);
void hb_acquire_for(const struct fiber *sleeper, const void *object);
void hb_forget(const void *object); /* what was released there so far */
/* A lock that a library has made of plain memory: named once, known for the rest of the execution. */
void hb_name_lock(const void *object);
bool hb_is_lock(const void *object);
void hb_fork(int child); /* by the creator, when it creates */
void hb_join(int actor); /* by who joins, when the joined has ended */

/* C11's atomics; `order` is a memory_order. A read-modify-write: hb_load, then hb_modify. */
void hb_load(const void *object, int order);
void hb_store(const void *object, int order);
void hb_modify(const void *object, int order);
void hb_fence(int order);

/* A store that others see later: what it releases is settled now (NULL: nothing), and offered when it
 * arrives. hb_store does both at once. */
struct hb_promise;
const struct hb_promise *hb_promise(int order);
void hb_keep(const void *object, const struct hb_promise *promise);

/* Each vector that others may come to know of: it, how many actors it is about, and its name. */
typedef void hb_visitor(void *data, const uint32_t *time, int count, uint64_t name);
void hb_each(hb_visitor *visit, void *data);
void hb_promise_visit(const struct hb_promise *promise, hb_visitor *visit, void *data,
                      uint64_t name);

/* A new execution: whatever happened before is nothing. */
void hb_begin(void);

#endif
