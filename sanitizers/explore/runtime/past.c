/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * Where all of the past counts (past_after.c), most memory is nevertheless of no interest: what one thread
 * alone uses, what is only read, what only atomics touch. So the search begins with the belief that no granule
 * is contended, and notes who accesses each, over all executions; when two threads have, and one of them has
 * written, and not all by atomics, the granule counts from the next search on. Accesses by a thread that is
 * alone, all others having ended before, are left out: they are ordered with all others.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fingerprint.h"
#include "explore/runtime/past.h"
#include "explore/runtime/places.h"
#include "explore/runtime/unsupported.h"

/* That time of the actor; `make`: if it has none yet. NULL: nothing is known of it, or there are too many. */
static struct past_epoch *epoch_at(int actor, uint32_t clock, bool make) {
    struct past_books *books = &clocks->books[actor];
    int at = books->count;
    while (at > 0 && books->epochs[at - 1].clock > clock)
        at--;
    if (at > 0 && books->epochs[at - 1].clock == clock)
        return &books->epochs[at - 1];
    if (!make)
        return NULL;
    if (books->count == EPOCHS) {
        control->given_up = SAY_MANY_RELEASES;
        return NULL;
    }
    memmove(&books->epochs[at + 1], &books->epochs[at],
            (size_t)(books->count++ - at) * sizeof *books->epochs);
    books->epochs[at] = (struct past_epoch){.clock = clock};
    return &books->epochs[at];
}

static struct fingerprint access_print(const struct past *access, uintptr_t granule) {
    return fingerprint_pair(granule, (uint64_t)access->bytes | (uint64_t)access->write << 8 |
                                         (uint64_t)access->atomic << 9);
}

/* --- who accesses what --- */

enum use { USE_WRITE = 1, USE_PLAIN = 2, USE_MANY = 4, USE_CONTENDED = 8, USE_COUNTS = 16 };

/* Of each granule of a page: 1 + the first actor, and enum use. Shared, as a worker may see but one execution. */
struct page_use {
    uintptr_t page; /* its number */
    uint16_t first[PAGE_GRANULES];
    uint8_t flags[PAGE_GRANULES];
};

/* Where that page is, or would be. */
static struct page_use **use_slot(uintptr_t page) {
    size_t at = (page * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - CONTROL_USES_LOG);
    while (control->uses[at] != NULL && control->uses[at]->page != page)
        at = (at + 1) % CONTROL_USES;
    return &control->uses[at];
}

/* NULL: there are too many. */
static struct page_use *use_of(uintptr_t granule) {
    uintptr_t page = granule >> PAGE_SHIFT;
    struct page_use **slot = use_slot(page);
    if (*slot != NULL)
        return *slot;
    if (control->use_count == CONTROL_USES / 2) {
        control->given_up = SAY_SCATTERED;
        return NULL;
    }
    arena_lock(&control->arena);
    slot = use_slot(page); /* another worker may have been faster */
    if (*slot == NULL) {
        control->use_count++;
        struct page_use *use = arena_new(&control->arena, sizeof *use);
        use->page = page;
        __atomic_store_n(slot, use, __ATOMIC_RELEASE);
    }
    arena_unlock(&control->arena);
    return *slot;
}

/* Those that were found by earlier searches. */
static void read_contended(void) {
    static uint32_t known;
    for (; known < control->facts.contended; known++) {
        uintptr_t granule = control->contended[known] & ~(uint64_t)7;
        struct page_use *use = use_of(granule);
        if (use != NULL && (control->contended[known] & 1) == 0)
            __atomic_fetch_or(&use->flags[granule >> 3 & (PAGE_GRANULES - 1)],
                              USE_CONTENDED | USE_COUNTS, __ATOMIC_RELAXED);
    }
}

static void contend(uint64_t name) {
    arena_lock(&control->arena);
    uint32_t at = 0, *count = &control->learnt.contended;
    while (at < *count && control->contended[at] != name)
        at++;
    if (at == CONTENDED)
        control->given_up = SAY_MANY_CONTENDED;
    else if (at == *count) {
        control->contended[at] = name;
        __atomic_store_n(count, at + 1, __ATOMIC_RELEASE);
    }
    control->again_soon = 1;
    arena_unlock(&control->arena);
}

/* The others have ended, before what the calling thread does now. */
static bool is_alone(void) {
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL && fibers[id] != self && fibers[id]->buffer_of == NULL &&
            (fibers[id]->state != FIBER_ENDED || !clock_ordered(id, clock_of(id))))
            return false;
    return true;
}

/* Other workers note what they see at the same time: nothing of that must be lost. */
static bool is_first(uint16_t *first, uint16_t actor) {
    uint16_t there = 0;
    return *first == actor || __atomic_compare_exchange_n(first, &there, actor, false,
                                                          __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* True: now it has all that a race takes. */
static bool add_flags(uint8_t *flags, int more) {
    enum { ALL = USE_MANY | USE_WRITE | USE_PLAIN };
    int now = *flags;
    if ((now & more) != more)
        now = __atomic_or_fetch(flags, (uint8_t)more, __ATOMIC_RELAXED);
    return (now & ALL) == ALL;
}

static void note_use(const struct past *access, uintptr_t granule) {
    struct page_use *use = use_of(granule);
    if (use == NULL)
        return;
    uint16_t *first = &use->first[granule >> 3 & (PAGE_GRANULES - 1)];
    uint8_t *flags = &use->flags[granule >> 3 & (PAGE_GRANULES - 1)];
    if ((*flags & USE_CONTENDED) != 0 || is_alone())
        return;
    bool many = !is_first(first, (uint16_t)(access->actor + 1));
    if (add_flags(flags, (many ? USE_MANY : 0) | (access->write ? USE_WRITE : 0) |
                             (access->atomic ? 0 : USE_PLAIN))) {
        add_flags(flags, USE_CONTENDED);
        contend(granule);
    }
}

static bool counts(uintptr_t granule) {
    const struct page_use *use = *use_slot(granule >> PAGE_SHIFT);
    return use != NULL && (use->flags[granule >> 3 & (PAGE_GRANULES - 1)] & USE_COUNTS) != 0;
}

static bool block_is_among(uintptr_t block, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (control->contended[i] == (block | 1))
            return true;
    return false;
}

static bool block_counts(uintptr_t block) {
    return block_is_among(block, control->facts.contended);
}

void past_shares(uintptr_t block) {
    uint32_t count = __atomic_load_n(&control->learnt.contended, __ATOMIC_ACQUIRE);
    if (control->facts.past_whole != 0 && !block_is_among(block, count) && !is_alone())
        contend(block | 1);
}

void past_shares_stack(void) {
    if (control->learnt.stacks_shared != 0 || is_alone())
        return;
    control->learnt.stacks_shared = 1;
    control->again_soon = 1;
}

/* --- what is remembered --- */

void past_remember(const struct past *access, uintptr_t granule) {
    if (control->facts.past_whole != 0) {
        note_use(access, granule);
        if (!counts(granule))
            return;
    }
    /* Of an earlier time of its actor only what is after it matters. */
    if (control->facts.past_whole == 0 && access->clock != clock_of(access->actor))
        return;
    struct past_epoch *epoch = epoch_at(access->actor, access->clock, true);
    if (epoch == NULL)
        return;
    epoch->count++;
    fingerprint_add(&epoch->sum, access_print(access, granule));
}

void past_drop(const struct past *access, uintptr_t granule) {
    if (control->facts.past_whole != 0 && !counts(granule))
        return;
    struct past_epoch *epoch = epoch_at(access->actor, access->clock, false);
    if (epoch == NULL)
        return;
    fingerprint_subtract(&epoch->sum, access_print(access, granule));
    if (--epoch->count > 0)
        return;
    struct past_books *books = &clocks->books[access->actor];
    int at = (int)(epoch - books->epochs);
    memmove(epoch, epoch + 1, (size_t)(--books->count - at) * sizeof *epoch);
    books->epochs[books->count] = (struct past_epoch){0};
}

void past_made(uintptr_t block) {
    if (!clocks->watched || (control->facts.past_whole != 0 && !block_counts(block)))
        return;
    struct past_epoch *epoch = epoch_at(self->id, clock_of(self->id), true);
    if (epoch == NULL)
        return;
    epoch->count++;
    fingerprint_add(&epoch->sum, fingerprint_pair(block, UINT64_MAX));
}

/* What is not in use is zero: checkpoint.c. */
static void forget(int actor) {
    struct past_books *books = &clocks->books[actor];
    memset(books->epochs, 0, (size_t)books->count * sizeof *books->epochs);
    books->count = 0;
}

void past_begin(int actor) {
    if (!clocks->watched)
        return;
    if (actor == 0 && control->facts.past_whole != 0)
        read_contended();
    forget(actor);
}

void past_tick(int actor) {
    if (control->facts.past_whole == 0)
        forget(actor);
}
