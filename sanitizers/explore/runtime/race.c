/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * Every access of the program comes here, from the compiler's hooks or from a call that was given
 * a buffer. In this order: if the memory is known to be raced on, it is a step (raced.c); then the
 * heap is asked whether the program may touch it (heap_check.c); then it is held against what others did
 * to the same bytes (shadow.c). A race ends the execution, or is noted and its granule made
 * visible.
 *
 * Most accesses repeat what the same thread just did: those are over after one look at the cell
 * (shadow_quick). A thread that makes very many without a step gives the others a turn.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/clocks.h"
#include "explore/runtime/context.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/found.h"
#include "explore/runtime/heap_check.h"
#include "explore/runtime/lifetime.h"
#include "explore/runtime/quiet.h"
#include "explore/runtime/race.h"
#include "explore/runtime/raced.h"
#include "explore/runtime/shadow.h"
#include "explore/runtime/step.h"
#include "explore/runtime/tls.h"
#include "explore/runtime/unhooked.h"
#include "explore/runtime/unsupported.h"
#include "report/kind.h"

/* --- reports --- */

/* "atomic write of 4 bytes" */
static struct message_part access_said(const struct past *past) {
    if (past->size == SIZE_FREE)
        return PART(SAY_WRITE_BY_FREE);
    if (past->size == SIZE_MANY)
        return PART(past->write ? SAY_WRITE_BLOCK : SAY_READ_BLOCK);
    if (past->atomic)
        return PART(past->write ? SAY_ATOMIC_WRITE : SAY_ATOMIC_READ, past->size);
    return PART(past->write ? SAY_WRITE : SAY_READ, past->size);
}

static struct message_part by_thread(int actor) {
    return PART(SAY_BY, fibers[actor] == NULL ? (uint64_t)actor + 1 : fibers[actor]->number);
}

/* The two are racing; `earlier_said` says what the earlier one is. */
static void report(const struct past *earlier, struct message_part earlier_said,
                   const struct past *now, uintptr_t address) {
    struct shared_finding finding;
    finding_start(&finding, KIND_DATA_RACE);
    message_add(&finding.message, PART(SAY_RACE_ON, address));
    message_add(&finding.message, access_said(now));
    message_add(&finding.message, by_thread(now->actor));
    message_add(&finding.message, PART(SAY_COMMA));
    message_add(&finding.message, earlier_said);
    message_add(&finding.message, by_thread(earlier->actor));
    finding_at(&finding, now->actor, now->stack, now->pc, DOING(access_said(now)));
    finding_at(&finding, earlier->actor, earlier->stack, earlier->pc,
               DOING(PART(SAY_PREVIOUS), earlier_said));
    if (heap_has(address))
        heap_explain(&finding, address);
    if (shared->config.races == RACES_STOP)
        found(&finding);
    found_note(&finding);
}

/* It may come after what it accesses has been left, here. */
_Noreturn static void report_late(const struct past *access, const struct past *leaving,
                                  uintptr_t address) {
    struct shared_finding finding;
    finding_start(&finding, KIND_USE_AFTER_RETURN);
    message_add(&finding.message, access_said(access));
    message_add(&finding.message, PART(SAY_OF, address));
    message_add(&finding.message, by_thread(access->actor));
    message_add(&finding.message, PART(SAY_MAY_HAVE_LEFT));
    finding_at(&finding, access->actor, access->stack, access->pc, DOING(access_said(access)));
    finding_at(&finding, leaving->actor, leaving->stack, leaving->pc, DOING(PART(SAY_RETURNS)));
    found(&finding);
}

/* Two places in the program are noted once by this worker, or seldom more often. */
static bool is_new(const struct past *a, const struct past *b) {
    uintptr_t pair = a->pc < b->pc ? a->pc << 16 ^ b->pc : b->pc << 16 ^ a->pc;
    uintptr_t *slot = &clocks->noted[(pair * UINT64_C(0x9e3779b97f4a7c15)) >> 56];
    _Static_assert(sizeof clocks->noted / sizeof clocks->noted[0] == 1 << 8, "the upper 8 bits");
    bool known = *slot == pair;
    *slot = pair;
    return !known;
}

static void race(const struct past *earlier, struct message_part earlier_said,
                 const struct past *now, uintptr_t address) {
    if (shared->config.races == RACES_STOP ||
        (shared->config.races == RACES_REPORT &&
         (control->phase != PHASE_SEARCH || is_new(earlier, now))))
        report(earlier, earlier_said, now, address);
}

void race_meet(const struct past *earlier, const struct past *now, uintptr_t granule) {
    uintptr_t address = granule + (uintptr_t)__builtin_ctz(earlier->bytes & now->bytes);
    if (now->size == SIZE_FREE && lifetime_has(address))
        report_late(earlier, now, address);
    if (!unhooked_judges(earlier, now, granule))
        return;
    race(earlier, access_said(earlier), now, address);
    raced_add(granule);
}

/* --- accesses --- */

static struct past past_now(size_t size, bool write, uintptr_t pc) {
    return (struct past){
        .pc = pc & ((UINT64_C(1) << 48) - 1),
        .bytes = 0xff,
        .actor = self->id,
        .clock = clock_of(self->id),
        .stack = self->stack & (SHARED_STACKS - 1),
        .write = write,
        .size = size < SIZE_MANY ? (unsigned)size & SIZE_MANY : SIZE_MANY,
    };
}

/* With races ignored, nothing more is to be learnt of memory that is known to be raced on. */
static bool is_done_with(const struct page_shadow *page, uintptr_t granule) {
    return page->raced != NULL && shared->config.races == RACES_IGNORE && raced_has(granule);
}

static void access_part(struct page_shadow *page, uintptr_t from, uintptr_t to, struct past *now) {
    shadow_split(page);
    for (uintptr_t granule = from & ~(uintptr_t)7; granule < to; granule += 8) {
        now->bytes = granule_bytes(granule, from, to);
        if (!is_done_with(page, granule))
            shadow_access(page_cell(page, granule), granule, now);
    }
}

/* Who accesses what is noted of each granule: past.c. */
static bool granules_count(void) {
    return clocks->watched && control->facts.past_whole != 0;
}

/* The page's one history, for who accesses all of it; NULL if its granules differ, or would: a
 * race is one of a granule. */
static struct shadow_cell *one_history(struct page_shadow *page, struct past *now) {
    if (page->state.split == clocks->base || page->raced != NULL || granules_count())
        return NULL;
    if (page->state.uniform != clocks->base)
        shadow_begin_whole(page);
    now->bytes = 0xff;
    return shadow_races(&page->state.whole, now) ? NULL : shadow_whole(page);
}

static void access_whole(struct page_shadow *page, uintptr_t address, struct past *now) {
    struct shadow_cell *whole = one_history(page, now);
    if (whole != NULL)
        shadow_access(whole, address, now);
    else
        access_part(page, address, address + (1 << PAGE_SHIFT), now);
}

static void access_range(uintptr_t address, size_t size, struct past *now) {
    uintptr_t end = address + size;
    for (uintptr_t at = address, next; at < end; at = next) {
        struct page_shadow *page = shadow_page(at);
        next = page_end(at) < end ? page_end(at) : end;
        if (next - at == 1 << PAGE_SHIFT)
            access_whole(page, at, now);
        else
            access_part(page, at, next, now);
    }
}

/* May the program touch it at all? */
static inline void check_memory(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    if (heap_has(address))
        heap_check(address, size, write, pc);
    else if (lifetime_has(address))
        lifetime_check(address, size, write, pc);
    else if (tls_is_errno_of_another(address, size, self->fs))
        unsupported(pc, SAY_ERRNO_OF_ANOTHER);
}

static inline bool is_in_granule(uintptr_t address, size_t size) {
    return (address & 7) + size <= 8;
}

/* An access within one granule, in a page of which nothing is known to be raced on: no step. */
static inline void access_cell(struct shadow_cell *cell, uintptr_t address, size_t size, bool write,
                               bool atomic, uintptr_t pc) {
    check_memory(address, size, write, pc);
    struct past now = past_now(size, write, pc);
    now.atomic = atomic;
    now.bytes = (uint8_t)(((1U << size) - 1) << (address & 7));
    shadow_access(cell, address & ~(uintptr_t)7, &now);
}

__attribute__((noinline)) static void race_slowest(uintptr_t address, size_t size, bool write,
                                                   uintptr_t pc, bool part) {
    bool stepped = raced_step(address, size, write, pc, part);
    check_memory(address, size, write, pc);
    if (stepped && !write && size <= sizeof(uint64_t)) {
        uint64_t value = 0;
        memcpy(&value, (const void *)address, size);
        step_value(value);
    }
    struct past now = past_now(size, write, pc);
    access_range(address, size, &now);
}

void race_slow(uintptr_t address, size_t size, bool write, uintptr_t pc, bool part) {
    struct shadow_cell *cell = is_in_granule(address, size) ? shadow_quick(address) : NULL;
    if (cell != NULL)
        access_cell(cell, address, size, write, false, pc);
    else
        race_slowest(address, size, write, pc, part);
    if (cell != NULL && !granules_count())
        context_scrub();
    else
        context_scrub_deep();
}

static bool is_covered(uintptr_t address, size_t size, bool write) {
    if (size > 64)
        return false;
    uintptr_t end = address + size;
    for (uintptr_t granule = address & ~(uintptr_t)7; granule < end; granule += 8) {
        const struct shadow_cell *cell = shadow_quick(granule);
        if (cell == NULL ||
            !cell_covers(cell, self->id, granule_bytes(granule, address, end), write))
            return false;
    }
    return true;
}

static void race_any(uintptr_t address, size_t size, bool write, uintptr_t pc, bool part) {
    if (!exploring || size == 0)
        return;
    if (quiet_too_long())
        quiet_give_turn(pc);
    fiber_count_write(address, write);
    struct shadow_cell *cell = is_in_granule(address, size) ? shadow_quick(address) : NULL;
    if (cell != NULL) {
        if (!cell_covers(cell, self->id, ((1U << size) - 1) << (address & 7), write))
            access_cell(cell, address, size, write, false, pc);
    } else if (!is_covered(address, size, write))
        race_slow(address, size, write, pc, part);
}

void race_access(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    race_any(address, size, write, pc, true);
}

void race_one(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    race_any(address, size, write, pc, false);
}

/* NULL: nothing has happened to it in this execution. */
static const struct shadow_cell *history(struct page_shadow *page, uintptr_t granule) {
    return page->state.split == clocks->base     ? page_cell(page, granule)
           : page->state.uniform == clocks->base ? &page->state.whole
                                                 : NULL;
}

bool race_has_heard(uintptr_t address) {
    struct page_shadow *page = shadow_page_peek(address);
    const struct shadow_cell *cell = page == NULL ? NULL : history(page, address);
    return cell != NULL && (past_alive(&cell->past[0]) || past_alive(&cell->past[1]));
}

static bool knows_granule(uintptr_t granule, uint8_t bytes, bool write) {
    struct page_shadow *page = shadow_page(granule);
    if (is_done_with(page, granule))
        return true;
    const struct shadow_cell *cell = history(page, granule);
    return cell != NULL && shadow_knows(cell, self->id, bytes, write);
}

bool race_knows(uintptr_t address, size_t size, bool write) {
    uintptr_t end = address + size;
    for (uintptr_t granule = address & ~(uintptr_t)7; granule < end; granule += 8)
        if (!knows_granule(granule, granule_bytes(granule, address, end), write))
            return false;
    return true;
}

void race_observe(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    fiber_count_write(address, write);
    if (is_covered(address, size, write))
        return;
    check_memory(address, size, write, pc);
    struct past now = past_now(size, write, pc);
    access_range(address, size, &now);
}

void race_atomic(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    struct shadow_cell *cell = is_in_granule(address, size) ? shadow_quick(address) : NULL;
    if (cell != NULL) {
        access_cell(cell, address, size, write, true, pc);
        return;
    }
    check_memory(address, size, write, pc);
    struct past now = past_now(size, write, pc);
    now.atomic = 1;
    access_range(address, size, &now);
}

static bool is_in_order(const struct past *past, unsigned bytes) {
    return !past_alive(past) || (past->bytes & bytes) == 0 || !past->write ||
           clock_ordered(past->actor, past->clock);
}

static bool cell_in_order(const struct shadow_cell *cell, unsigned bytes) {
    bool list =
        past_alive(&cell->past[1]) && cell->past[1].bytes == 0; /* more than two: who knows */
    return !list && is_in_order(&cell->past[0], bytes) && is_in_order(&cell->past[1], bytes);
}

bool race_reads_in_order(uintptr_t address, size_t size) {
    uintptr_t end = address + size;
    for (uintptr_t granule = address & ~(uintptr_t)7; granule < end; granule += 8) {
        const struct shadow_cell *cell = history(shadow_page(granule), granule);
        if (cell != NULL && !cell_in_order(cell, granule_bytes(granule, address, end)))
            return false;
    }
    return true;
}

void race_forget(uintptr_t address, size_t size) {
    if (!exploring || size == 0)
        return;
    struct past now = past_now(size, true, self->pc);
    for (uintptr_t at = address, next; at < address + size; at = next) {
        struct page_shadow *page = shadow_page(at);
        next = page_end(at) < address + size ? page_end(at) : address + size;
        struct shadow_cell *cells = shadow_split(page);
        for (uintptr_t granule = at & ~(uintptr_t)7; granule < next; granule += 8)
            shadow_set(&cells[granule >> 3 & (PAGE_GRANULES - 1)], granule, &now);
    }
}

/* --- blocks of the heap --- */

void race_before_free(uintptr_t address, size_t size, uintptr_t pc) {
    raced_step(address, size, true, pc, false);
}

static void free_page(struct page_shadow *page, uintptr_t from, uintptr_t to, struct past *now) {
    if (page->state.split != clocks->base && page->state.uniform != clocks->base)
        return; /* untouched in this execution */
    struct shadow_cell *whole = to - from == 1 << PAGE_SHIFT ? one_history(page, now) : NULL;
    if (whole != NULL) {
        shadow_free(whole, from, now);
        return;
    }
    struct shadow_cell *cells = shadow_split(page);
    for (uintptr_t granule = from & ~(uintptr_t)7; granule < to; granule += 8) {
        now->bytes = granule_bytes(granule, from, to);
        if (is_done_with(page, granule))
            continue;
        shadow_free(&cells[granule >> 3 & (PAGE_GRANULES - 1)], granule, now);
    }
}

void race_free(uintptr_t address, size_t size, uintptr_t pc) {
    struct past now = past_now(SIZE_FREE, true, pc);
    uintptr_t end = address + size;
    for (uintptr_t at = address, next; at < end; at = next) {
        struct page_shadow *page = shadow_page_peek(at);
        next = page == NULL ? shadow_next(at) : page_end(at);
        if (page != NULL)
            free_page(page, at, next < end ? next : end, &now);
    }
}

/* Nobody's but the calling thread's? */
static inline bool is_own(const struct past *past) {
    return !past_alive(past) || (past->actor == self->id && past->bytes != 0);
}

void race_leave(uintptr_t low, uintptr_t top, uintptr_t pc) {
    enum { QUICK = 128 };
    uintptr_t at = low & ~(uintptr_t)7;
    self->touched = top;
    for (; top - low <= QUICK && at < top; at += 8) { /* most often: few, and its own */
        struct shadow_cell *cell = shadow_quick(at);
        if (cell == NULL || !is_own(&cell->past[0]) || !is_own(&cell->past[1]))
            break;
        if (clocks->kept)
            shadow_set(cell, at, NULL);
        else
            *cell = (struct shadow_cell){0};
    }
    if (at < top)
        race_free(at, top - at, pc);
}

void race_with_allocation(uintptr_t address, size_t size, bool write, uintptr_t pc, int actor,
                          uint32_t stack, uintptr_t allocation_pc) {
    struct past now = past_now(size, write, pc);
    const struct past earlier = {
        .pc = allocation_pc & ((UINT64_C(1) << 48) - 1),
        .actor = (uint8_t)actor,
        .stack = stack & (SHARED_STACKS - 1),
    };
    race(&earlier, PART(SAY_ALLOCATION), &now, address);
    for (uintptr_t granule = address & ~(uintptr_t)7; granule < address + size; granule += 8)
        raced_add(granule);
}
