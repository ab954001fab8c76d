/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation: happens-before by vector clocks (Mattern 1989; Fidge 1988), as C11 5.1.2.4
 * and POSIX 4.12 define it.
 *
 * An actor's own entry counts its releases. A release joins the actor's vector into the object's,
 * and starts a new time of the actor; an acquire joins the object's into the actor's. Locks,
 * semaphores, barriers, thread creation and joins come here as releases and acquires; atomics by
 * their memory order:
 *
 *   store, release       the object's vector becomes the actor's: a release sequence begins
 *   store, relaxed       ends the sequence; passes on what the last release fence offered
 *   read-modify-write    continues the sequence: joins into it instead
 *   load, acquire        takes what the object offers
 *   load, relaxed        remembers it for the next acquire fence
 *
 * A relaxed store ends the sequence also when the thread that began it stores: C17 still lets it
 * go on, C++20 and C23 do not. Where they differ the weaker promise counts, so that nothing is
 * called ordered that is not. seq_cst adds nothing here: what it adds is an order of operations,
 * not happens-before.
 *
 * Entries older than `base` stem from earlier executions and are as good as zero: see clocks.h.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/clocks.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/frames.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/places.h"
#include "explore/runtime/shadow.h"
#include "explore/runtime/unsupported.h"

enum {
    GROWTH = 8,             /* room in an object's vector grows by so many actors */
    LATEST = UINT32_MAX / 2 /* beyond it all is cleared once and time begins anew */
};

enum { ORDER_RELAXED, ORDER_CONSUME, ORDER_ACQUIRE, ORDER_RELEASE, ORDER_BOTH, ORDER_SEQ_CST };

/* What an object offers to who acquires it. */
struct hb_offer {
    const void *object;
    struct hb_offer *next;
    int space;
    bool lock; /* hb_name_lock() */
    uint32_t *time;
};

static bool acquires(int order) {
    return order != ORDER_RELAXED && order != ORDER_RELEASE; /* consume is an acquire: C17 7.17.3 */
}

static bool releases(int order) {
    return order == ORDER_RELEASE || order == ORDER_BOTH || order == ORDER_SEQ_CST;
}

static void join(uint32_t *to, const uint32_t *from, int count) {
    for (int i = 0; i < count; i++)
        if (to[i] < from[i])
            to[i] = from[i];
}

/* --- objects --- */

static struct hb_offer **bucket_of(const void *object) {
    size_t index = ((uintptr_t)object * UINT64_C(0x9e3779b97f4a7c15)) >> 52;
    _Static_assert(SYNC_BUCKETS == 1 << 12, "the upper 12 bits");
    if (clocks->syncs[index].base != clocks->base) {
        clocks->syncs[index].base = clocks->base;
        clocks->syncs[index].first = NULL;
    }
    return &clocks->syncs[index].first;
}

static struct hb_offer *offer_of(const void *object) {
    struct hb_offer *offer = *bucket_of(object);
    while (offer != NULL && offer->object != object)
        offer = offer->next;
    return offer;
}

/* Room for all actors there are so far. */
static void offer_widen(struct hb_offer *offer) {
    if (offer->space >= clocks->used)
        return;
    int space = (clocks->used + GROWTH - 1) / GROWTH * GROWTH;
    uint32_t *time = memory_scratch((size_t)space * sizeof *time);
    for (int i = 0; i < offer->space; i++)
        time[i] = offer->time[i];
    offer->space = space;
    offer->time = time;
}

static struct hb_offer *offer_make(const void *object) {
    struct hb_offer *offer = offer_of(object);
    if (offer == NULL) {
        struct hb_offer **bucket = bucket_of(object);
        offer = memory_scratch(sizeof *offer);
        *offer = (struct hb_offer){.object = object, .next = *bucket};
        *bucket = offer;
    }
    offer_widen(offer);
    return offer;
}

static void acquire_from(const struct hb_offer *offer, struct vector *into) {
    if (offer != NULL)
        join(into->time, offer->time, offer->space < clocks->used ? offer->space : clocks->used);
}

static void tick(void) {
    clocks->now[self->id].time[self->id]++;
}

/* --- what the world says --- */

void hb_release(const void *object) {
    if (!exploring)
        return;
    join(offer_make(object)->time, clocks->now[self->id].time, clocks->used);
    tick();
}

void hb_acquire(const void *object) {
    if (exploring)
        acquire_from(offer_of(object), &clocks->now[self->id]);
}

void hb_name_lock(const void *object) {
    offer_make(object)->lock = true;
}

bool hb_is_lock(const void *object) {
    const struct hb_offer *offer = offer_of(object);
    return offer != NULL && offer->lock;
}

/* The actor's own books, as it begins. */
static void actor_begin(int id) {
    uint32_t *own = &clocks->now[id].time[id];
    *own = *own < clocks->base ? clocks->base : *own + 1;
    clocks->quiet[id] = 0;
    clocks->moves[id] = -1;
    clocks->parts[id].count = 0;
    frames_begin(id);
}

void hb_fork(int child) {
    if (!exploring)
        return;
    if (child >= clocks->used)
        clocks->used = child + 1;
    uint32_t own = clocks->now[child].time[child];
    memcpy(&clocks->now[child], &clocks->now[self->id], (size_t)clocks->used * sizeof(uint32_t));
    clocks->now[child].time[child] = own;
    actor_begin(child);
    tick();
}

void hb_join(int actor) {
    if (exploring)
        join(clocks->now[self->id].time, clocks->now[actor].time, clocks->used);
}

/* --- atomics --- */

void hb_load(const void *object, int order) {
    struct hb_offer *offer = offer_of(object);
    if (offer == NULL)
        return;
    acquire_from(offer, &clocks->seen[self->id]);
    if (acquires(order))
        acquire_from(offer, &clocks->now[self->id]);
}

void hb_store(const void *object, int order) {
    const struct vector *mine =
        releases(order) ? &clocks->now[self->id] : &clocks->offered[self->id];
    bool offers = mine->time[self->id] >= clocks->base;
    struct hb_offer *offer = offers ? offer_make(object) : offer_of(object);
    if (offer == NULL)
        return;
    for (int i = 0; i < offer->space; i++)
        offer->time[i] = offers && i < clocks->used ? mine->time[i] : 0;
    if (releases(order))
        tick();
}

void hb_modify(const void *object, int order) {
    const struct vector *mine =
        releases(order) ? &clocks->now[self->id] : &clocks->offered[self->id];
    if (mine->time[self->id] >= clocks->base)
        join(offer_make(object)->time, mine->time, clocks->used);
    if (releases(order))
        tick();
}

void hb_fence(int order) {
    struct vector *now = &clocks->now[self->id];
    if (acquires(order))
        join(now->time, clocks->seen[self->id].time, clocks->used);
    if (releases(order)) {
        memcpy(&clocks->offered[self->id], now, (size_t)clocks->used * sizeof(uint32_t));
        tick();
    }
}

/* --- time --- */

/* All times, wherever they are, become nothing. */
static void begin_time_anew(void) {
    for (int i = 0; i < OP_ACTORS; i++)
        clocks->now[i] = clocks->seen[i] = clocks->offered[i] = (struct vector){0};
    memset(clocks->syncs, 0, sizeof clocks->syncs);
    clocks->base = 1;
    shadow_clear();
}

void hb_begin(void) {
    static bool mapped;
    if (!mapped && !place_map(CLOCKS_ADDRESS, sizeof *clocks))
        unsupported(0, SAY_NO_RACE_MEMORY);
    mapped = true;
    uint32_t latest = clocks->base;
    for (int i = 0; i < clocks->used; i++)
        if (latest < clock_of(i))
            latest = clock_of(i);
    clocks->base = latest + 1;
    if (latest > LATEST)
        begin_time_anew();
    clocks->used = 1;
    actor_begin(0);
}
