/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * Each place of a buffer is an object with a counter (op.h), like a semaphore: the store that reaches
 * memory from there adds one, and who drains the buffer up to it waits for that and takes it. So to the
 * search the drainer is an actor like any other, whose steps are enabled by the stores that it was
 * given. (One counter for all places would make it try whether a drain comes before or after stores that
 * it does not wait for.)
 *
 * What a thread does may not hang on whether its stores have arrived, unless it reads them: else the
 * search would take steps for independent that are not. So a store counts as waiting until the thread has
 * drained it, and between two drains a thread keeps at most --stores of them.
 *
 * While a thread runs, memory holds what it sees: its stores are written there, and what they cover is
 * kept aside. When it enters the kernel, each store takes back what the thread left in its place, and the
 * covered bytes return. So a plain access to these bytes waits for nothing, as on the processor; and where a
 * frame was left or a block freed meanwhile, and other things lie there, the store brings those.
 *
 * A store happens, as far as happens-before and races are concerned, when the thread makes it: what it
 * releases is kept with it (hb_promise), and offered when it arrives.
 *
 * The buffer is part of the state that can recur; where its stores come from is not.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/object.h"
#include "explore/runtime/pending.h"
#include "explore/runtime/shadow.h"
#include "explore/runtime/store_buffer.h"

struct store {
    uintptr_t address;
    uint64_t size;   /* 0: it gives a lock free... */
    uint64_t object; /* ... this one, and changes no memory */
    unsigned char value[STORE_BYTES];
};

struct origin {
    const struct hb_promise *promise;
    uint64_t pc, clock;
    uint32_t stack;
    int32_t step;
};

/* What is no part of the state: it does not matter which places are in use. */
struct background {
    int first; /* the place of the first store */
    struct origin origins[STORES_MOST];
    unsigned char covered[STORES_MOST][STORE_BYTES]; /* what others see there, while shown */
    bool shown;
};

/* The first `arrived` of `count` have reached memory, and the thread does not know it. */
struct store_buffer {
    struct fiber *drainer;
    struct background *background;
    int32_t count, arrived;
    struct store stores[STORES_MOST];
};

bool store_buffer_takes(uintptr_t address, size_t size) {
    return size <= STORE_BYTES && (size & (size - 1)) == 0 && (address & (size - 1)) == 0;
}

void store_buffer_make(struct fiber *drainer) {
    self->buffer = memory_new(MEMORY_BUFFER, self->id, sizeof *self->buffer);
    self->buffer->drainer = drainer;
    self->buffer->background =
        memory_new(MEMORY_ORIGINS, self->id, sizeof *self->buffer->background);
}

/* One more than there can be stores, so that each has its own. */
static int places(void) {
    return shared->config.bounds[BOUND_STORES] + 1;
}

static uint64_t place_key(const struct fiber *owner, int index) {
    uint64_t place = (uint64_t)((owner->buffer->background->first + index) % places());
    return (place << 8 | owner->id) << 3 | OBJECT_BUFFER;
}

static struct access place_access(const struct fiber *owner, int index, int32_t need,
                                  int32_t delta) {
    return (struct access){.object = place_key(owner, index),
                           .need = need,
                           .delta = delta,
                           .mode = MODE_WRITE,
                           .bytes = 0xff};
}

/* The oldest store is what the drainer does next. */
static void offer_oldest(struct store_buffer *buffer) {
    const struct store *store = &buffer->stores[buffer->arrived];
    const struct origin *origin = &buffer->background->origins[buffer->arrived];
    struct fiber *drainer = buffer->drainer;
    uintptr_t end = store->address + store->size;
    struct op op = {.kind = OP_FLUSH, .access_count = 1};
    op.access[0] = place_access(drainer->buffer_of, buffer->arrived, 0, 1);
    if (store->object != 0)
        op.access[op.access_count++] =
            (struct access){.object = store->object, .delta = 1, .mode = MODE_WRITE, .bytes = 0xff};
    for (uintptr_t at = store->address & ~(uintptr_t)7; store->size != 0 && at < end; at += 8)
        op.access[op.access_count++] = (struct access){
            .object = at | OBJECT_MEMORY,
            .mode = MODE_WRITE,
            .bytes = granule_bytes(at, store->address, end),
        };
    drainer->address = store->address;
    drainer->pc = origin->pc;
    drainer->stack = origin->stack;
    drainer->enabled_by = origin->step;
    if (drainer->clock < origin->clock)
        drainer->clock = origin->clock;
    pending_set(drainer, &op);
}

static void cover(struct store_buffer *buffer, int index) {
    const struct store *store = &buffer->stores[index];
    memcpy(buffer->background->covered[index], (const void *)store->address, store->size);
    memcpy((void *)store->address, store->value, store->size);
}

void store_buffer_show(const struct fiber *owner) {
    struct store_buffer *buffer = owner->buffer;
    if (owner->buffered == 0)
        return;
    for (int i = buffer->arrived; i < buffer->count; i++)
        cover(buffer, i);
    buffer->background->shown = true;
}

void store_buffer_hide(const struct fiber *owner) {
    struct store_buffer *buffer = owner->buffer;
    if (owner->buffered == 0 || !buffer->background->shown)
        return;
    for (int i = buffer->count - 1; i >= buffer->arrived; i--) {
        struct store *store = &buffer->stores[i];
        memcpy(store->value, (const void *)store->address, store->size);
        memcpy((void *)store->address, buffer->background->covered[i], store->size);
    }
    buffer->background->shown = false;
}

static void put(const struct store *store, int order, uintptr_t pc) {
    struct store_buffer *buffer = self->buffer;
    buffer->stores[buffer->count] = *store;
    cover(buffer, buffer->count);
    buffer->background->shown = true;
    buffer->background->origins[buffer->count] = (struct origin){
        .promise = hb_promise(order),
        .pc = pc,
        .clock = self->clock,
        .stack = self->stack,
        .step = execution.index,
    };
    buffer->count++;
    self->buffered++;
    self->writes++;
    if (buffer->arrived == buffer->count - 1)
        offer_oldest(buffer);
}

void store_buffer_put(uintptr_t address, size_t size, const void *value, int order, uintptr_t pc) {
    struct store store = {.address = address, .size = size};
    memcpy(store.value, value, size);
    put(&store, order, pc);
}

void store_buffer_unlock(uint64_t object, uintptr_t address, uintptr_t pc) {
    put(&(struct store){.address = address, .object = object}, __ATOMIC_RELEASE, pc);
}

bool store_buffer_unlocks(uint64_t object) {
    for (int i = 0; i < self->buffered; i++)
        if (self->buffer->stores[i].object == object)
            return true;
    return false;
}

static bool overlaps(const struct store *store, uintptr_t address, size_t size) {
    return store->address < address + size && address < store->address + store->size;
}

bool store_buffer_hides(uintptr_t address, size_t size) {
    const struct store_buffer *buffer = self->buffer;
    for (int i = self->buffered != 0 ? buffer->arrived : 0; i < self->buffered; i++)
        if (overlaps(&buffer->stores[i], address, size))
            return true;
    return false;
}

/* Those that are, or begin with, an instruction with a lock prefix whenever they come out so as to
 * change something; and those that come near the kernel. Where libc may get by with less, as in a
 * sem_trywait that fails or a signal that nobody waits for, nothing is drained: that is the weaker promise. */
static const bool drains[OP_KIND_COUNT] = {
    [OP_CREATE] = true,       [OP_JOIN] = true,          [OP_END] = true,
    [OP_DETACH] = true,       [OP_CANCEL] = true,        [OP_EXIT] = true,
    [OP_MUTEX_LOCK] = true,   [OP_MUTEX_TRYLOCK] = true, [OP_MUTEX_TIMEDLOCK] = true,
    [OP_MUTEX_UNLOCK] = true, [OP_RW_READ] = true,       [OP_RW_WRITE] = true,
    [OP_RW_UNLOCK] = true,    [OP_SPIN_LOCK] = true,     [OP_SPIN_TRYLOCK] = true,
    [OP_COND_WAIT] = true,    [OP_BARRIER] = true,       [OP_SEM_WAIT] = true,
    [OP_SEM_POST] = true,     [OP_ONCE_DONE] = true,     [OP_STORE] = true,
    [OP_RMW] = true,          [OP_FUTEX_WAIT] = true,    [OP_FUTEX_WAKE] = true,
    [OP_ATOMIC] = true,
};

bool store_buffer_stops(const struct op *op) {
    if (!drains[op->kind])
        return false;
    for (int i = 0; i < op->access_count; i++)
        if (op->access[i].mode != MODE_READ || op->access[i].need > 0)
            return true;
    return false;
}

struct op store_buffer_drain(int count) {
    return (struct op){
        .kind = OP_DRAIN, .access_count = 1, .access = {place_access(self, count - 1, 1, -1)}};
}

void store_buffer_drained(int count) {
    struct store_buffer *buffer = self->buffer;
    int left = buffer->count - count;
    for (int i = 0; i < count - 1; i++) /* nobody has taken those */
        object_set(object_find(place_key(self, i)), 0);
    buffer->background->first = (buffer->background->first + count) % places();
    memmove(buffer->stores, buffer->stores + count, (size_t)left * sizeof *buffer->stores);
    struct background *background = buffer->background;
    memmove(background->origins, background->origins + count,
            (size_t)left * sizeof *background->origins);
    memmove(background->covered, background->covered + count,
            (size_t)left * sizeof *background->covered);
    memset(buffer->stores + left, 0, (size_t)count * sizeof *buffer->stores);
    buffer->arrived -= count;
    buffer->count = left;
    self->buffered = (uint8_t)left;
}

void store_buffer_flush(struct fiber *drainer) {
    struct store_buffer *buffer = drainer->buffer_of->buffer;
    const struct store *store = &buffer->stores[buffer->arrived];
    void *object = (void *)store->address;
    bool same = store->size != 0 && memcmp(object, store->value, store->size) == 0;
    memcpy(object, store->value, store->size);
    hb_keep(object, buffer->background->origins[buffer->arrived].promise);
    memcpy(&drainer->value, store->value, sizeof drainer->value);
    drainer->flags |= STEP_HAS_VALUE | (same ? STEP_SAME : 0U);
    buffer->arrived++;
    drainer->state = FIBER_FREE;
    fiber_changed(drainer);
    if (buffer->arrived < buffer->count)
        offer_oldest(buffer);
}

static void each_store(const struct fiber *owner, hb_visitor *visit, void *data) {
    enum { NAME_SHIFT = 56, NAME_PROMISE = 4 };
    const struct store_buffer *buffer = owner->buffer;
    for (int i = buffer->arrived; i < buffer->count; i++)
        hb_promise_visit(buffer->background->origins[i].promise, visit, data,
                         (uint64_t)NAME_PROMISE << NAME_SHIFT | (uint64_t)owner->id << 8 |
                             (uint64_t)(i - buffer->arrived));
}

void store_buffer_each(hb_visitor *visit, void *data) {
    for (int id = 0; id < fiber_count; id++)
        if (fibers[id] != NULL && fibers[id]->buffer != NULL)
            each_store(fibers[id], visit, data);
}
