/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * The set of raced granules is a list in shared memory that only grows; a granule is added with
 * one compare-and-swap at its end. A worker reads it once, before its first execution, and keeps a
 * bit for each granule in its shadow: within one search all workers must see the same operations,
 * so what is added later counts in the next search only. That one is asked for before the granule
 * is added, so that who sees the granule also sees the request.
 *
 * An access that spans several raced granules (a struct copy) is one step that touches all of
 * them: the program makes it after the hook returns, at once. What is announced in parts but
 * happens after the last one (both sides of gcc's struct copy, the arguments of one call) counts
 * as done in the last step: that one touches the earlier parts again, as they are still to come.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/raced.h"
#include "explore/runtime/shadow.h"
#include "explore/runtime/step.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/worker.h"
#include "explore/search/search.h"
#include "explore/search/strategies.h"

static void mark(uintptr_t granule) {
    struct page_shadow *page = shadow_page(granule);
    if (page->raced == NULL)
        page->raced = shadow_new(PAGE_GRANULES / 8);
    page->raced[granule >> 9 & 7] |= UINT64_C(1) << (granule >> 3 & 63);
}

/* How many granules the search at hand knows. What follows a failure (minimising, the trace, a
 * replay elsewhere) must see the same operations as the search that found it, whatever its last
 * execution added to the list. */
static int64_t known(void) {
    if (control->phase != PHASE_SEARCH)
        return shared->raced;
    int64_t count = 0;
    while (count < SHARED_RACED &&
           __atomic_load_n(&shared->raced_granules[count], __ATOMIC_ACQUIRE) != 0)
        count++;
    if (__atomic_load_n(&control->again, __ATOMIC_ACQUIRE) == 0)
        shared->raced = count;
    return count;
}

void raced_begin(void) {
    if (clocks->raced_known)
        return;
    clocks->raced_known = true;
    clocks->raced = known();
    for (int64_t i = 0; i < clocks->raced; i++)
        mark(shared->raced_granules[i]);
}

static void append(uintptr_t granule) {
    for (int i = 0; i < SHARED_RACED; i++) {
        uint64_t there = __atomic_load_n(&shared->raced_granules[i], __ATOMIC_ACQUIRE);
        if (there == granule ||
            (there == 0 &&
             __atomic_compare_exchange_n(&shared->raced_granules[i], &there, granule, false,
                                         __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) ||
            there == granule) /* another worker was faster, with the same */
            return;
    }
    unsupported_number(0, SAY_MANY_RACES, SHARED_RACED);
}

void raced_add(uintptr_t granule) {
    if (worker_replays() || raced_has(granule))
        return;
    worker_search_anew();
    append(granule);
}

static bool page_has(const struct page_shadow *page, uintptr_t granule) {
    return page->raced != NULL && (page->raced[granule >> 9 & 7] >> (granule >> 3 & 63) & 1) != 0;
}

bool raced_has(uintptr_t address) {
    const struct page_shadow *page = clocks->raced == 0 ? NULL : shadow_page_peek(address);
    return page != NULL && page_has(page, address);
}

/* One more object of the operation; those that do not fit are taken as everything. */
static void touch(struct op *op, uintptr_t granule, uint8_t bytes, bool write) {
    if (op->access_count == OP_ACCESSES) {
        op->access_count = 1;
        op->access[0] = (struct access){.mode = MODE_ALL, .bytes = 0xff};
    } else if (op->access_count == 0 || op->access[0].mode != MODE_ALL) {
        op->access[op->access_count++] = (struct access){
            .object = granule | OBJECT_MEMORY,
            .mode = write ? MODE_WRITE : MODE_READ,
            .bytes = bytes,
        };
    }
}

static void gather_page(struct op *op, const struct page_shadow *page, uintptr_t from, uintptr_t to,
                        bool write) {
    for (uintptr_t granule = from & ~(uintptr_t)7; granule < to; granule += 8)
        if (page_has(page, granule))
            touch(op, granule, granule_bytes(granule, from, to), write);
}

static void gather(struct op *op, uintptr_t address, size_t size, bool write) {
    uintptr_t end = address + size;
    for (uintptr_t at = address, next; at < end; at = next) {
        const struct page_shadow *page = shadow_page_peek(at);
        next = page == NULL ? shadow_next(at) : page_end(at);
        if (page != NULL && page->raced != NULL)
            gather_page(op, page, at, next < end ? next : end, write);
    }
}

/* Is the part at hand announced together with the earlier ones? Those of a call have the place in
 * common; gcc's hooks for the two sides of a struct copy are next to each other. */
static bool belongs(const struct parts *earlier, const struct part *now, uintptr_t pc, bool part) {
    enum { NEXT = 64 }; /* bytes of code */
    if (earlier->count == 0)
        return false;
    if (part && pc == earlier->pc)
        return true;
    return pc - earlier->pc < NEXT && now->write && !earlier->part[0].write &&
           now->size == earlier->part[0].size;
}

static void gather_earlier(struct op *op, const struct parts *earlier) {
    for (int i = 0; i < earlier->count && i < PARTS; i++)
        gather(op, earlier->part[i].address, earlier->part[i].size, earlier->part[i].write);
    if (earlier->count > PARTS) {
        op->access_count = 1;
        op->access[0] = (struct access){.mode = MODE_ALL, .bytes = 0xff};
    }
}

bool raced_step(uintptr_t address, size_t size, bool write, uintptr_t pc, bool part) {
    if (clocks->raced == 0)
        return false;
    struct op op = {.kind = write ? OP_WRITE : OP_READ};
    gather(&op, address, size, write);
    if (op.access_count == 0)
        return false;
    const struct part now = {address, size, write};
    struct parts *earlier = &clocks->parts[self->id];
    if (belongs(earlier, &now, pc, part))
        gather_earlier(&op, earlier);
    else
        earlier->count = 0;
    if (earlier->count < PARTS)
        earlier->part[earlier->count] = now;
    earlier->count++;
    earlier->pc = pc;
    step(&op, (const void *)address, pc);
    return true;
}
