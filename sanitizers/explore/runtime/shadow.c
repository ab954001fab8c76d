/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * The detector is FastTrack (Flanagan & Freund, PLDI 2009) on byte masks: an access is kept as
 * long as a later one could race with it and not also with a younger one that is kept. So `now`
 * drops an earlier access that happens before it if every access that races with the earlier one
 * races with `now` too: now writes or the earlier one only read; now is plain or the earlier one
 * was atomic (atomics do not race with each other). In race-free programs most granules have one
 * or two accesses, and a third reader moves the rest to a list. No access is ever forgotten for
 * lack of room, so the first race of an execution is always seen.
 *
 * Pages are found through a table of three levels; cells are made for a page when its granules
 * come to differ. Neither is ever freed or cleared: a new execution's `base` makes them void.
 */
#include "explore/runtime/base.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/clocks.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/past.h"
#include "explore/runtime/places.h"
#include "explore/runtime/race.h"
#include "explore/runtime/shadow.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/undo.h"
#include "explore/runtime/unsupported.h"

enum { MIDDLE_SHIFT = 11, TOP_SHIFT = 23, LEAVES = 1 << 11, MIDDLES = 1 << 12, LIST_SPACE = 8 };
_Static_assert(SHADOW_TOP == 1 << (47 - PAGE_SHIFT - TOP_SHIFT), "user space has 47 bits");

struct shadow_list {
    uint32_t count, space;
    struct past *past;
};

/* --- pages --- */

static void *grow(size_t *used, uintptr_t start, size_t size) {
    static bool mapped;
    if (!mapped &&
        !(place_map(SHADOW_ADDRESS, SHADOW_SIZE) && place_map(CELLS_ADDRESS, SHADOW_SIZE)))
        unsupported(0, SAY_NO_RACE_MEMORY);
    mapped = true;
    if (*used + size > SHADOW_SIZE)
        unsupported(0, SAY_SCATTERED);
    *used += size;
    return (char *)start + *used - size;
}

void *shadow_new(size_t size) {
    return grow(&clocks->shadow, SHADOW_ADDRESS, size);
}

void shadow_clear(void) {
    system_call(SYS_madvise, (long)SHADOW_ADDRESS, (long)SHADOW_SIZE, MADV_DONTNEED, 0, 0, 0);
    system_call(SYS_madvise, (long)CELLS_ADDRESS, (long)SHADOW_SIZE, MADV_DONTNEED, 0, 0, 0);
    memset(clocks->top, 0, sizeof clocks->top);
    memset(clocks->cache, 0, sizeof clocks->cache);
    clocks->shadow = clocks->cells = 0;
    clocks->raced = 0;
    clocks->raced_known = false;
}

struct page_shadow *shadow_page_peek(uintptr_t address) {
    uintptr_t number = address >> PAGE_SHIFT;
    struct page_shadow ***middle = clocks->top[number >> TOP_SHIFT & (SHADOW_TOP - 1)];
    struct page_shadow **leaf =
        middle == NULL ? NULL : middle[number >> MIDDLE_SHIFT & (MIDDLES - 1)];
    return leaf == NULL ? NULL : leaf[number & (LEAVES - 1)];
}

/* Where a whole part of the table is missing, all of its pages are. */
uintptr_t shadow_next(uintptr_t address) {
    uintptr_t number = address >> PAGE_SHIFT;
    struct page_shadow ***middle = clocks->top[number >> TOP_SHIFT & (SHADOW_TOP - 1)];
    int shift = middle == NULL                                           ? TOP_SHIFT
                : middle[number >> MIDDLE_SHIFT & (MIDDLES - 1)] == NULL ? MIDDLE_SHIFT
                                                                         : 0;
    return ((number >> shift) + 1) << shift << PAGE_SHIFT;
}

static struct page_shadow *page_make(uintptr_t number) {
    struct page_shadow ****middle = &clocks->top[number >> TOP_SHIFT & (SHADOW_TOP - 1)];
    if (*middle == NULL)
        *middle = shadow_new(MIDDLES * sizeof(struct page_shadow **));
    struct page_shadow ***leaf = &(*middle)[number >> MIDDLE_SHIFT & (MIDDLES - 1)];
    if (*leaf == NULL)
        *leaf = shadow_new(LEAVES * sizeof(struct page_shadow *));
    struct page_shadow **page = &(*leaf)[number & (LEAVES - 1)];
    if (*page == NULL)
        *page = shadow_new(sizeof **page);
    (*page)->start = number << PAGE_SHIFT;
    return *page;
}

struct page_shadow *shadow_page(uintptr_t address) {
    uintptr_t number = address >> PAGE_SHIFT;
    if (clocks->cache[number % SHADOW_CACHE].key != number + 1) {
        clocks->cache[number % SHADOW_CACHE].page = page_make(number);
        clocks->cache[number % SHADOW_CACHE].key = number + 1;
    }
    return clocks->cache[number % SHADOW_CACHE].page;
}

/* --- what checkpoints and states have to know (checkpoint.c, past.c) --- */

/* The cell is about to change. One that stands for a page lies elsewhere: save_state(). */
static void mark(const struct shadow_cell *cell) {
    uintptr_t chunk = ((uintptr_t)cell - CELLS_ADDRESS) / SHADOW_CHUNK;
    if (chunk >= SHADOW_CHUNKS || clocks->is_marked[chunk])
        return;
    clocks->is_marked[chunk] = 1;
    clocks->marked[clocks->marked_count++] = (uint32_t)chunk;
}

static void save_state(struct page_shadow *page) {
    if (clocks->kept)
        undo_save(&page->state, sizeof page->state);
}

/* --- the past of a cell --- */

static struct shadow_list *list_of(const struct shadow_cell *cell) {
    const struct past *second = &cell->past[1];
    return past_alive(second) && second->bytes == 0 ? (struct shadow_list *)(uintptr_t)second->pc
                                                    : NULL;
}

static void list_grow(struct shadow_list *list) {
    uint32_t space = list->space * 2 + LIST_SPACE;
    struct past *past = memory_scratch(space * sizeof *past);
    if (list->count > 0)
        memcpy(past, list->past, list->count * sizeof *past);
    list->past = past;
    list->space = space;
}

static void list_add(struct shadow_list *list, const struct past *past) {
    if (list->count == list->space)
        list_grow(list);
    list->past[list->count++] = *past;
}

static struct shadow_list *list_make(struct shadow_cell *cell) {
    struct shadow_list *list = memory_scratch(sizeof *list);
    *list = (struct shadow_list){0};
    list_add(list, &cell->past[1]);
    cell->past[1] =
        (struct past){.pc = (uintptr_t)list & ((UINT64_C(1) << 48) - 1), .clock = clocks->base};
    return list;
}

static void cell_add(struct shadow_cell *cell, const struct past *now) {
    struct shadow_list *list = list_of(cell);
    if (!past_alive(&cell->past[0])) {
        cell->past[0] = *now;
    } else if (list == NULL && !past_alive(&cell->past[1])) {
        cell->past[1] = *now;
    } else {
        list_add(list != NULL ? list : list_make(cell), now);
    }
}

static bool conflict(const struct past *a, const struct past *b) {
    return (a->write || b->write) && !(a->atomic && b->atomic);
}

static bool races(const struct past *earlier, const struct past *now) {
    return past_alive(earlier) && (earlier->bytes & now->bytes) != 0 && conflict(earlier, now) &&
           !clock_ordered(earlier->actor, earlier->clock);
}

/* Those bytes of an earlier access matter no more. */
static void cover(struct past *earlier, uintptr_t granule, unsigned bytes) {
    if (clocks->watched)
        past_drop(earlier, granule);
    earlier->bytes &= (uint8_t)~bytes;
    if (earlier->bytes == 0)
        earlier->clock = 0;
    else if (clocks->watched)
        past_remember(earlier, granule);
}

/* What `now` means for an earlier access: a race, or the end of it, or nothing. */
static inline void meet(struct past *earlier, uintptr_t granule, const struct past *now) {
    if (!past_alive(earlier) || (earlier->bytes & now->bytes) == 0)
        return;
    bool ordered = clock_ordered(earlier->actor, earlier->clock);
    if (!ordered && conflict(earlier, now)) {
        race_meet(earlier, now, granule);
    } else if (ordered && (now->write || !earlier->write) && (!now->atomic || earlier->atomic)) {
        cover(earlier, granule, now->bytes);
    }
}

static void meet_all(struct shadow_cell *cell, uintptr_t granule, const struct past *now) {
    struct shadow_list *list = list_of(cell);
    meet(&cell->past[0], granule, now);
    if (list == NULL) {
        meet(&cell->past[1], granule, now);
        return;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        meet(&list->past[i], granule, now);
        if (past_alive(&list->past[i]))
            list->past[kept++] = list->past[i];
    }
    list->count = kept;
}

void shadow_meet(struct shadow_cell *cell, uintptr_t granule, const struct past *now) {
    if (clocks->kept)
        mark(cell);
    if (clocks->watched)
        past_remember(now, granule);
    meet_all(cell, granule, now);
    cell_add(cell, now);
}

static void drop_all(const struct shadow_cell *cell, uintptr_t granule) {
    const struct shadow_list *list = list_of(cell);
    if (past_alive(&cell->past[0]))
        past_drop(&cell->past[0], granule);
    if (list == NULL && past_alive(&cell->past[1]))
        past_drop(&cell->past[1], granule);
    for (uint32_t i = 0; list != NULL && i < list->count; i++)
        past_drop(&list->past[i], granule);
}

void shadow_set(struct shadow_cell *cell, uintptr_t granule, const struct past *now) {
    mark(cell);
    if (clocks->watched)
        drop_all(cell, granule);
    *cell = (struct shadow_cell){0};
    if (now == NULL)
        return;
    cell->past[0] = *now;
    if (clocks->watched)
        past_remember(now, granule);
}

bool shadow_races(const struct shadow_cell *cell, const struct past *now) {
    const struct shadow_list *list = list_of(cell);
    bool any = races(&cell->past[0], now) || (list == NULL && races(&cell->past[1], now));
    for (uint32_t i = 0; list != NULL && i < list->count; i++)
        any = any || races(&list->past[i], now);
    return any;
}

static uint8_t known_bytes(const struct past *past, int actor, bool write) {
    return past_covers(past, actor, 0, write) ? past->bytes : 0;
}

bool shadow_knows(const struct shadow_cell *cell, int actor, uint8_t bytes, bool write) {
    const struct shadow_list *list = list_of(cell);
    unsigned known = known_bytes(&cell->past[0], actor, write);
    known |= known_bytes(&cell->past[1], actor, write);
    for (uint32_t i = 0; list != NULL && i < list->count; i++)
        known |= known_bytes(&list->past[i], actor, write);
    return (bytes & ~known) == 0;
}

void shadow_free(struct shadow_cell *cell, uintptr_t granule, const struct past *now) {
    if (clocks->kept)
        mark(cell);
    meet_all(cell, granule, now);
    if (clocks->watched)
        drop_all(cell, granule);
    *cell = (struct shadow_cell){0};
}

static void copy_past(struct page_shadow *page, int index, const struct past *past) {
    if (!past_alive(past))
        return;
    cell_add(&page->cells[index], past);
    if (clocks->watched)
        past_remember(past, page->start + 8 * (uintptr_t)index);
}

/* The uniform history, once for each granule. */
static void copy_whole(struct page_shadow *page) {
    struct shadow_list *list = list_of(&page->state.whole);
    for (int i = 0; i < PAGE_GRANULES; i++) {
        if (clocks->kept)
            mark(&page->cells[i]);
        page->cells[i] = (struct shadow_cell){0};
        copy_past(page, i, &page->state.whole.past[0]);
        if (list == NULL)
            copy_past(page, i, &page->state.whole.past[1]);
        for (uint32_t j = 0; list != NULL && j < list->count; j++)
            copy_past(page, i, &list->past[j]);
    }
    if (clocks->watched)
        drop_all(&page->state.whole, page->start);
}

struct shadow_cell *shadow_split(struct page_shadow *page) {
    if (page->state.split == clocks->base)
        return page->cells;
    if (page->cells == NULL)
        page->cells = grow(&clocks->cells, CELLS_ADDRESS, PAGE_GRANULES * sizeof *page->cells);
    save_state(page);
    if (page->state.uniform == clocks->base)
        copy_whole(page);
    page->state.split = clocks->base;
    return page->cells;
}

void shadow_begin_whole(struct page_shadow *page) {
    save_state(page);
    page->state.uniform = clocks->base;
    page->state.whole = (struct shadow_cell){0};
}

struct shadow_cell *shadow_whole(struct page_shadow *page) {
    save_state(page);
    return &page->state.whole;
}
