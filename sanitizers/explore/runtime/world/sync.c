/* SPDX-License-Identifier: MIT */
/*
 * What all objects that threads synchronise on have in common.
 *
 * The search knows an object as a counter (op.h). What else there is to know of it, who holds it
 * and since where, hangs on object->world and begins with struct sync. The bytes of the program's
 * own pthread_mutex_t... carry only what tells its type, as in libc's initialisers, and whether it
 * is held: so a static initialiser is understood when the object is first seen, and an object that
 * was set up anew by assignment, or in memory that served for another before, is recognised.
 *
 * Setting up and destroying count as a plain write of the object's first bytes, every use as a read
 * of them: so a thread that may use an object before it is set up, or after its end, has a data
 * race there, whatever the schedule.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/fiber.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/heap_check.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/object.h"
#include "explore/runtime/race.h"
#include "explore/runtime/step.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"

_Static_assert(SAY_FUTEX - SAY_MUTEX == (int)SYNC_FUTEX - (int)SYNC_MUTEX && SYNC_MUTEX == 0,
               "the texts of the kinds of objects are in the order of the kinds");

struct message_part sync_said(const struct sync *sync) {
    return PART((uint64_t)SAY_MUTEX + sync->kind, (uintptr_t)sync->address);
}

uint64_t sync_key(const void *address) {
    uint64_t number = (uint64_t)(uintptr_t)address;
    return ((number & ~UINT64_C(7)) | OBJECT_SYNC) + ((number & 4) != 0 ? OBJECT_UPPER_HALF : 0);
}

void *sync_find(const void *address, enum sync_kind kind) {
    struct sync *sync = object_find(sync_key(address))->world;
    return sync != NULL && sync->kind == kind ? sync : NULL;
}

static uint64_t place_name(const struct object *object, enum sync_kind kind, unsigned which) {
    return object->key | (uint64_t)kind << 57 | (uint64_t)which << 56;
}

void *sync_make(const void *address, enum sync_kind kind, size_t size) {
    struct object *object = object_find(sync_key(address));
    struct sync *old = object->world;
    if (old != NULL)
        old->destroyed = true; /* whoever still comes for it comes too late */
    struct sync *sync = memory_new(MEMORY_SYNC, place_name(object, kind, 0), size);
    if (sync == old) /* there are two places, so that who came for the old one can tell */
        sync = memory_new(MEMORY_SYNC, place_name(object, kind, 1), size);
    memset(sync, 0, size);
    *sync = (struct sync){
        .kind = (uint8_t)kind, .address = address, .object = object, .taken = place_noted(sync)};
    object->world = sync;
    return sync;
}

/* An object that is set up has its first value from the beginning: a guard must not keep from using
 * it too early whoever would do so, as nothing in the program does either. */
static void first_state(struct object *object, int32_t state) {
    if (!object->known)
        object_set(object, state);
}

void sync_init_step(const void *address, int32_t state, enum op_kind what, uintptr_t pc) {
    struct object *object = object_find(sync_key(address));
    first_state(object, state);
    const struct op op = {
        .kind = (uint8_t)what,
        .access_count = 1,
        .access = {{.object = object->key, .mode = MODE_WRITE, .bytes = 0xff}},
    };
    step(&op, address, pc);
    if (object->state != state) {
        step_amend(0, MODE_WRITE, state - object->state);
        object_set(object, state);
    }
}

void *sync_adopt(const void *address, enum sync_kind kind, size_t size, int32_t state,
                 uintptr_t pc) {
    struct object *object = object_find(sync_key(address));
    first_state(object, state);
    if (object->state != state)
        sync_init_step(address, state, OP_OBJECT, pc);
    return sync_make(address, kind, size);
}

void sync_check(const struct sync *sync, uintptr_t pc) {
    if (sync->destroyed)
        misuse(pc, DOING(PART(SAY_USES), sync_said(sync), PART(SAY_DESTROYED)), &sync->ended,
               SAY_DESTROYED_HERE);
}

void sync_destroyed(struct sync *sync, uintptr_t pc) {
    sync->destroyed = true;
    sync->ended = place_here(pc);
}

void sync_sleeps(struct timed_sleeper **sleepers, struct timed_sleeper *sleeper) {
    while (*sleepers != NULL && (*sleepers)->fiber->id < sleeper->fiber->id)
        sleepers = &(*sleepers)->next;
    sleeper->next = *sleepers;
    *sleepers = sleeper;
}

void sync_leaves(struct timed_sleeper **sleepers, const struct timed_sleeper *sleeper) {
    while (*sleepers != NULL && *sleepers != sleeper)
        sleepers = &(*sleepers)->next;
    if (*sleepers != NULL)
        *sleepers = sleeper->next;
}

struct fiber *sync_waiter(const struct sync *sync) {
    for (int id = 0; id < fiber_count; id++) {
        struct fiber *fiber = fibers[id];
        if (fiber == NULL || fiber == self || fiber->state != FIBER_READY)
            continue;
        for (int i = 0; i < fiber->pending.access_count; i++)
            if (fiber->objects[i] == sync->object &&
                sync->object->state < fiber->pending.access[i].need)
                return fiber;
    }
    return sync->sleepers != NULL ? sync->sleepers->fiber : NULL;
}

void sync_check_memory(const void *address, size_t size, enum sync_kind kind, uintptr_t pc) {
    if (exploring && heap_has((uintptr_t)address))
        heap_check_object((uintptr_t)address, size,
                          PART((enum message_text)(SAY_MUTEX + (int)kind), (uintptr_t)address), pc);
}

/* Of what is no scalar, its first word stands for all of it. */
void sync_touch(const void *address, size_t size, bool write, uintptr_t pc) {
    if (!exploring)
        return;
    if (heap_has((uintptr_t)address))
        heap_check((uintptr_t)address, size, write, pc);
    race_access((uintptr_t)address, size <= sizeof(pthread_t) ? size : 4, write, pc);
}

struct access sync_access(const struct sync *sync, enum mode mode, int32_t need, int32_t delta) {
    return (struct access){.object = sync->object->key,
                           .need = need,
                           .delta = delta,
                           .mode = (uint8_t)mode,
                           .bytes = 0xff};
}

void sync_step(enum op_kind kind, const struct sync *sync, struct access access, uintptr_t pc) {
    const struct op op = {.kind = (uint8_t)kind, .access_count = 1, .access = {access}};
    step(&op, sync->address, pc);
}

bool sync_got(const struct sync *sync) {
    if (sync->object->state >= 0)
        return true;
    step_amend(0, MODE_READ, 0);
    step_refused();
    return false;
}

void sync_release(struct sync *sync) {
    hb_release(sync->address);
}

void sync_acquire(const struct sync *sync) {
    hb_acquire(sync->address);
}

void sync_waits_for(struct fiber *fiber, const struct sync *sync, enum message_text what) {
    struct thread *thread = thread_of(fiber);
    thread->waits = sync;
    thread->waits_said = what;
    fiber->waits = what;
    fiber->waits_for = (uint64_t)(uintptr_t)sync->address;
}
