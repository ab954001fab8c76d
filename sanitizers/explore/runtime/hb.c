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
 * In C11 and C17 a relaxed store of the thread that began the sequence goes on with it, in C++20 and
 * C23 it ends it: the standard that the program is compiled by decides (config.sequences). seq_cst adds
 * nothing here: what it adds is an order of operations, not happens-before.
 *
 * Entries older than `base` stem from earlier executions and are as good as zero: see clocks.h.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/frames.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/past.h"
#include "explore/runtime/places.h"
#include "explore/runtime/shadow.h"
#include "explore/runtime/unsupported.h"

enum {
    NOBODY = -1,
    GROWTH = 8,             /* room in an object's vector grows by so many actors */
    LATEST = UINT32_MAX / 2 /* beyond it all is cleared once and time begins anew */
};

enum { ORDER_RELAXED, ORDER_CONSUME, ORDER_ACQUIRE, ORDER_RELEASE, ORDER_BOTH, ORDER_SEQ_CST };

/* Who began a release sequence that still goes on, and what it released. */
struct hb_head {
    struct hb_head *next;
    int actor;
    uint32_t time[];
};

/* What an object offers to who acquires it. */
struct hb_offer {
    const void *object;
    struct hb_offer *next;
    int space;
    int head;              /* of an atomic: whose sequence it is; NOBODY: none */
    struct hb_head *heads; /* ... if there are several: all of them */
    bool lock;             /* hb_name_lock() */
    uint32_t *time;
};

struct hb_promise {
    int actor;
    int count; /* 0: nothing */
    uint32_t time[];
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

static struct hb_offer *offer_of(const void *object) {
    struct hb_offer *offer = memory_peek(MEMORY_OFFER, (uint64_t)(uintptr_t)object);
    return offer != NULL && offer->object != NULL ? offer : NULL;
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
    struct hb_offer *offer = memory_new(MEMORY_OFFER, (uint64_t)(uintptr_t)object, sizeof *offer);
    if (offer->object == NULL) {
        *offer = (struct hb_offer){.object = object, .next = clocks->offers, .head = NOBODY};
        clocks->offers = offer;
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
    if (clocks->watched)
        past_tick(self->id);
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

void hb_acquire_for(const struct fiber *sleeper, const void *object) {
    if (exploring)
        acquire_from(offer_of(object), &clocks->now[sleeper->id]);
}

void hb_forget(const void *object) {
    struct hb_offer *offer = offer_of(object);
    if (offer != NULL)
        memset(offer->time, 0, (size_t)offer->space * sizeof *offer->time);
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
    past_begin(id);
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

/* Who stores with that order offers this; NULL: nothing. */
static const struct vector *offered_by(int order) {
    const struct vector *mine =
        releases(order) ? &clocks->now[self->id] : &clocks->offered[self->id];
    return mine->time[self->id] >= clocks->base ? mine : NULL;
}

/* What the sequence that this actor heads offers; NULL: there is none. */
static const uint32_t *headed_by(const struct hb_offer *offer, int actor) {
    if (offer->heads == NULL)
        return offer->head == actor ? offer->time : NULL;
    for (const struct hb_head *head = offer->heads; head != NULL; head = head->next)
        if (head->actor == actor)
            return head->time;
    return NULL;
}

/* The object now offers this, and what of its own earlier sequence goes on. */
static void store_offer(const void *object, int actor, const uint32_t *time, int count) {
    struct hb_offer *offer = time != NULL ? offer_make(object) : offer_of(object);
    if (offer == NULL || offer->time == NULL)
        return;
    const uint32_t *before = shared->config.sequences != 0 ? headed_by(offer, actor) : NULL;
    if (before != NULL && time == NULL)
        shared->sequences = 1;
    for (int i = 0; i < offer->space; i++) {
        uint32_t now = time != NULL && i < count ? time[i] : 0,
                 then = before != NULL ? before[i] : 0;
        offer->time[i] = now > then ? now : then;
    }
    offer->head = time != NULL || before != NULL ? actor : NOBODY;
    offer->heads = NULL;
}

void hb_store(const void *object, int order) {
    const struct vector *mine = offered_by(order);
    store_offer(object, self->id, mine != NULL ? mine->time : NULL, clocks->used);
    if (releases(order))
        tick();
}

const struct hb_promise *hb_promise(int order) {
    const struct vector *mine = offered_by(order);
    int count = mine != NULL ? clocks->used : 0;
    struct hb_promise *promise = memory_scratch(sizeof *promise + (size_t)count * sizeof(uint32_t));
    promise->actor = self->id;
    promise->count = count;
    if (mine != NULL)
        memcpy(promise->time, mine->time, (size_t)count * sizeof(uint32_t));
    if (releases(order))
        tick();
    return promise;
}

void hb_keep(const void *object, const struct hb_promise *promise) {
    store_offer(object, promise->actor, promise->count > 0 ? promise->time : NULL, promise->count);
}

static struct hb_head *add_head(struct hb_offer *offer, int actor) {
    struct hb_head *head = memory_scratch(sizeof *head + OP_ACTORS * sizeof(uint32_t));
    *head = (struct hb_head){.actor = actor, .next = offer->heads};
    offer->heads = head;
    return head;
}

/* A read-modify-write heads a sequence of its own and goes on with those of others, which end at
 * different stores: from the second head on each is kept apart. */
static void note_head(struct hb_offer *offer, const struct vector *mine) {
    if (offer->head == NOBODY)
        offer->head = self->id;
    if (offer->head == self->id && offer->heads == NULL)
        return;
    if (offer->heads == NULL)
        memcpy(add_head(offer, offer->head)->time, offer->time,
               (size_t)offer->space * sizeof(uint32_t));
    struct hb_head *head = offer->heads;
    while (head != NULL && head->actor != self->id)
        head = head->next;
    join((head != NULL ? head : add_head(offer, self->id))->time, mine->time, clocks->used);
}

void hb_modify(const void *object, int order) {
    const struct vector *mine = offered_by(order);
    if (mine != NULL) {
        struct hb_offer *offer = offer_make(object);
        if (shared->config.sequences != 0)
            note_head(offer, mine);
        join(offer->time, mine->time, clocks->used);
    }
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

/* --- for states --- */

enum { NAME_NOW = 1, NAME_SEEN, NAME_OFFERED, NAME_SHIFT = 56 };

static void each_offer(hb_visitor *visit, void *data) {
    for (const struct hb_offer *offer = clocks->offers; offer != NULL; offer = offer->next) {
        uint64_t name = (uint64_t)(uintptr_t)offer->object;
        visit(data, offer->time, offer->space, name);
        if (offer->head != NOBODY && offer->heads == NULL)
            visit(data, offer->time, offer->space, name | ((uint64_t)offer->head + 1) << 48);
        for (const struct hb_head *head = offer->heads; head != NULL; head = head->next)
            visit(data, head->time, clocks->used, name | ((uint64_t)head->actor + 1) << 48);
    }
}

void hb_each(hb_visitor *visit, void *data) {
    for (int id = 0; id < clocks->used; id++) {
        if (fibers[id] == NULL || fibers[id]->buffer_of != NULL)
            continue;
        const struct vector *all[] = {&clocks->now[id], &clocks->seen[id], &clocks->offered[id]};
        for (uint64_t i = 0; i < 3; i++)
            visit(data, all[i]->time, clocks->used, (NAME_NOW + i) << NAME_SHIFT | (uint64_t)id);
    }
    each_offer(visit, data);
}

void hb_promise_visit(const struct hb_promise *promise, hb_visitor *visit, void *data,
                      uint64_t name) {
    visit(data, promise->time, promise->count, name);
}

/* --- time --- */

/* All times, wherever they are, become nothing. */
static void begin_time_anew(void) {
    for (int i = 0; i < OP_ACTORS; i++)
        clocks->now[i] = clocks->seen[i] = clocks->offered[i] = (struct vector){0};
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
    clocks->offers = NULL;
    actor_begin(0);
}
