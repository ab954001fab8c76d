/* SPDX-License-Identifier: MIT */
/*
 * Shadow memory: what was done to each granule (8 bytes) of the program's memory in this
 * execution, as far as a later access could race with it.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_SHADOW_H
#define HAZARD_EXPLORE_RUNTIME_SHADOW_H

#include "explore/runtime/clocks.h"
#include "explore/runtime/past.h"

/* Two have room; with a third the second place holds, with no `bytes`, the address of a list. */
struct shadow_cell {
    struct past past[2];
};

/*
 * 4 KB of the program's memory. All of it may have one history, as after memset of a large block:
 * then that stands in `whole`, and a range costs one look per page.
 */
struct page_shadow {
    uintptr_t start;
    struct shadow_cell *cells;
    uint64_t *raced; /* one bit per granule: known to be raced on; NULL: none is */
    struct page_state {
        uint32_t split;   /* the base of the execution that `cells` hold good for */
        uint32_t uniform; /* likewise of `whole`, unless it is split */
        struct shadow_cell whole;
    } state;
};

struct page_shadow *shadow_page(uintptr_t address);      /* made if there is none */
struct page_shadow *shadow_page_peek(uintptr_t address); /* NULL if there is none... */
uintptr_t shadow_next(uintptr_t address); /* ... and where the next might be: address of a page */

struct shadow_cell *shadow_split(struct page_shadow *page); /* its cells */
void shadow_begin_whole(struct page_shadow *page);          /* all of it has no history yet */
struct shadow_cell *shadow_whole(struct page_shadow *page); /* its one history, to be changed */
void *shadow_new(size_t size);                              /* zeroed; lasts */
void shadow_clear(void);                                    /* nothing was ever accessed */

/* `now` happens to all granules of a page, or to one: calls race_meet() for those in the past that
 * have bytes in common with it, then drops whom it covers, and becomes part of the past. */
static inline void shadow_access(struct shadow_cell *cell, uintptr_t granule,
                                 const struct past *now);
void shadow_meet(struct shadow_cell *cell, uintptr_t granule,
                 const struct past *now); /* if it has a past */
void shadow_free(struct shadow_cell *cell, uintptr_t granule, const struct past *now);

/* What the cell of a shadow has of which there are checkpoints becomes nothing, or this. */
void shadow_set(struct shadow_cell *cell, uintptr_t granule, const struct past *now);

/* Has the actor, since its last release, accessed those bytes so, or written to them? */
bool shadow_knows(const struct shadow_cell *cell, int actor, uint8_t bytes, bool write);
bool shadow_races(const struct shadow_cell *cell, const struct past *now); /* would it? */

static inline bool past_alive(const struct past *past) {
    return past->clock >= clocks->base;
}

static inline void shadow_access(struct shadow_cell *cell, uintptr_t granule,
                                 const struct past *now) {
    if (past_alive(&cell->past[0]) || past_alive(&cell->past[1]))
        shadow_meet(cell, granule, now);
    else if (clocks->kept)
        shadow_set(cell, granule, now);
    else
        cell->past[0] = *now; /* the first access to it in this execution */
}

static inline struct shadow_cell *page_cell(struct page_shadow *page, uintptr_t address) {
    return &page->cells[address >> 3 & (PAGE_GRANULES - 1)];
}

static inline uintptr_t page_end(uintptr_t address) {
    return ((address >> PAGE_SHIFT) + 1) << PAGE_SHIFT;
}

/* Which bytes of the granule lie in the range. */
static inline uint8_t granule_bytes(uintptr_t granule, uintptr_t from, uintptr_t to) {
    unsigned bytes = 0xff;
    if (from > granule)
        bytes &= 0xffU << (from - granule);
    if (to < granule + 8)
        bytes &= 0xffU >> (granule + 8 - to);
    return (uint8_t)bytes;
}

/* NULL: not at hand, so take the long way; also for a page where some memory is raced on. */
static inline struct shadow_cell *shadow_quick(uintptr_t address) {
    uintptr_t number = address >> PAGE_SHIFT;
    struct page_shadow *page = clocks->cache[number % SHADOW_CACHE].page;
    if (clocks->cache[number % SHADOW_CACHE].key != number + 1 || page->raced != NULL ||
        page->state.split != clocks->base)
        return NULL;
    return page_cell(page, address);
}

/* Has the actor, since its last release, done the same or more to those bytes? Then nothing new
 * can come of it: FastTrack's "same epoch" (Flanagan & Freund, PLDI 2009). */
static inline bool past_covers(const struct past *past, int actor, unsigned bytes, bool write) {
    return past->clock == clock_of(actor) && past->actor == actor &&
           (past->bytes & bytes) == bytes && past->write >= write && !past->atomic;
}

static inline bool cell_covers(const struct shadow_cell *cell, int actor, unsigned bytes,
                               bool write) {
    return past_covers(&cell->past[0], actor, bytes, write) ||
           past_covers(&cell->past[1], actor, bytes, write);
}

#endif
