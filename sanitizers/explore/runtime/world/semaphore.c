/* SPDX-License-Identifier: MIT */
/*
 * POSIX semaphores. The counter is the semaphore's value. Those with a name are opened and closed by named.c.
 *
 * A semaphore has no owner. But where every thread posts only what it took itself, it is used as a
 * lock, and then the wait-for graph says who has taken it; the first post by another ends that.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <limits.h>
#include <semaphore.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/step.h"
#include "explore/runtime/world/cancel.h"
#include "explore/runtime/world/hold.h"
#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/semaphore.h"
#include "explore/runtime/world/sync.h"

static int failed(int error) {
    if (error == 0)
        return 0;
    errno = error;
    return -1;
}

struct semaphore_note *semaphore_note(const struct semaphore *semaphore) {
    return memory_new(MEMORY_TAKERS, semaphore->sync.object->key, sizeof(struct semaphore_note));
}

static void check(const struct semaphore *semaphore, uintptr_t pc) {
    if (semaphore->closed)
        misuse(pc,
               DOING(PART(SAY_USES), PART(SAY_SEMAPHORE, (uintptr_t)semaphore->sync.address),
                     PART(SAY_CLOSED)),
               &semaphore->sync.ended, SAY_CLOSED_HERE);
    sync_check(&semaphore->sync, pc);
}

static struct semaphore *semaphore_at(sem_t *bytes, uintptr_t pc) {
    sync_check_memory(bytes, sizeof *bytes, SYNC_SEMAPHORE, pc);
    struct semaphore *semaphore = sync_find(bytes, SYNC_SEMAPHORE);
    if (semaphore == NULL)
        misuse(
            pc,
            DOING(PART(SAY_USES), PART(SAY_SEMAPHORE, (uintptr_t)bytes), PART(SAY_UNINITIALISED)),
            NULL, SAY_NOTHING);
    check(semaphore, pc);
    sync_touch(bytes, sizeof *bytes, false, pc);
    return semaphore;
}

static void refuse_waited(const struct semaphore *semaphore, enum message_text verb, uintptr_t pc) {
    if (semaphore == NULL || semaphore->sync.destroyed)
        return;
    const struct fiber *fiber = sync_waiter(&semaphore->sync);
    if (fiber == NULL)
        return;
    const struct world_place place = {.pc = fiber->pc, .stack = fiber->stack, .actor = fiber->id};
    misuse(pc,
           DOING(PART(verb), PART(SAY_SEMAPHORE, (uintptr_t)semaphore->sync.address),
                 PART(SAY_AWAITED_ON, fiber->number)),
           &place, SAY_WAITS_HERE);
}

static int semaphore_init(sem_t *bytes, unsigned value, uintptr_t pc) {
    if (value > SEM_VALUE_MAX)
        return failed(EINVAL);
    sync_check_memory(bytes, sizeof *bytes, SYNC_SEMAPHORE, pc);
    refuse_waited(sync_find(bytes, SYNC_SEMAPHORE), SAY_INITIALISES, pc);
    sync_init_step(bytes, (int32_t)value, OP_OBJECT, pc);
    *semaphore_note(sync_make(bytes, SYNC_SEMAPHORE, sizeof(struct semaphore))) =
        (struct semaphore_note){0};
    sync_touch(bytes, sizeof *bytes, true, pc);
    *bytes = (sem_t){0};
    *(unsigned *)(void *)bytes = value;
    return 0;
}

static int semaphore_destroy(sem_t *bytes, uintptr_t pc) {
    struct semaphore *semaphore = semaphore_at(bytes, pc);
    sync_step(OP_OBJECT, &semaphore->sync, sync_access(&semaphore->sync, MODE_WRITE, 0, 0), pc);
    check(semaphore, pc);
    if (semaphore->named)
        misuse(pc,
               DOING(PART(SAY_DESTROYS), PART(SAY_SEMAPHORE, (uintptr_t)bytes), PART(SAY_OPENED)),
               NULL, SAY_NOTHING);
    refuse_waited(semaphore, SAY_DESTROYS, pc);
    sync_touch(bytes, sizeof *bytes, true, pc);
    sync_destroyed(&semaphore->sync, pc);
    return 0;
}

void semaphore_named(sem_t *bytes, int32_t value) {
    struct object *object = object_find(sync_key(bytes));
    struct semaphore *semaphore = sync_make(bytes, SYNC_SEMAPHORE, sizeof *semaphore);
    object_set(object, value);
    *semaphore_note(semaphore) = (struct semaphore_note){0};
    semaphore->named = true;
}

void semaphore_close(sem_t *bytes, uintptr_t pc) {
    struct semaphore *semaphore = sync_find(bytes, SYNC_SEMAPHORE);
    refuse_waited(semaphore, SAY_CLOSES, pc);
    semaphore->closed = true;
    semaphore->sync.ended = place_here(pc);
}

void semaphore_reopen(sem_t *bytes) {
    struct semaphore *semaphore = sync_find(bytes, SYNC_SEMAPHORE);
    semaphore->closed = false;
}

static int taken(struct semaphore *semaphore, uintptr_t pc) {
    check(semaphore, pc);
    struct semaphore_note *note = semaphore_note(semaphore);
    if (!note->handed)
        hold_add(&note->takers, MEMORY_SHARE, pc);
    sync_acquire(&semaphore->sync);
    return 0;
}

static struct op take_op(const struct semaphore *semaphore, enum op_kind kind, int32_t need) {
    return (struct op){.kind = (uint8_t)kind,
                       .access_count = 1,
                       .access = {sync_access(&semaphore->sync, MODE_WRITE, need, -1)}};
}

static int semaphore_wait(sem_t *bytes, uintptr_t pc) {
    struct semaphore *semaphore = semaphore_at(bytes, pc);
    struct op op = take_op(semaphore, OP_SEM_WAIT, 1);
    sync_waits_for(self, &semaphore->sync, SAY_SEMAPHORE);
    cancel_step(&op, bytes, false, pc);
    return taken(semaphore, pc);
}

static int semaphore_trywait(sem_t *bytes, uintptr_t pc) {
    struct semaphore *semaphore = semaphore_at(bytes, pc);
    const struct op op = take_op(semaphore, OP_SEM_TRYWAIT, 0);
    step(&op, bytes, pc);
    return sync_got(&semaphore->sync) ? taken(semaphore, pc) : failed(EAGAIN);
}

static int semaphore_clockwait(sem_t *bytes, clockid_t clock, const struct timespec *time,
                               uintptr_t pc) {
    struct semaphore *semaphore = semaphore_at(bytes, pc);
    struct limit limit = limit_until(clock, time, pc);
    struct op op = take_op(semaphore, OP_SEM_TRYWAIT, 0);
    cancel_step(&op, bytes, false, pc);
    while (!sync_got(&semaphore->sync)) {
        int error = limit_sleep(&semaphore->sync, &op, &limit, SAY_SEMAPHORE, true);
        if (error != 0)
            return failed(error);
    }
    return taken(semaphore, pc);
}

static void refuse_overflow(const struct semaphore *semaphore, uintptr_t pc) {
    if (semaphore->sync.object->state == SEM_VALUE_MAX)
        misuse(pc,
               DOING(PART(SAY_POSTS), PART(SAY_SEMAPHORE, (uintptr_t)semaphore->sync.address),
                     PART(SAY_AT_GREATEST)),
               NULL, SAY_NOTHING);
}

static int semaphore_post(sem_t *bytes, uintptr_t pc) {
    struct semaphore *semaphore = semaphore_at(bytes, pc);
    refuse_overflow(semaphore, pc); /* before: the counter itself must not overflow */
    sync_step(OP_SEM_POST, &semaphore->sync, sync_access(&semaphore->sync, MODE_POST, 0, 1), pc);
    check(semaphore, pc);
    struct semaphore_note *note = semaphore_note(semaphore);
    if (!hold_remove(&note->takers))
        *note = (struct semaphore_note){.handed = true};
    sync_release(&semaphore->sync);
    limit_wake(&semaphore->sync);
    return 0;
}

static int semaphore_value(sem_t *bytes, int *value, uintptr_t pc) {
    struct semaphore *semaphore = semaphore_at(bytes, pc);
    sync_step(OP_SEM_READ, &semaphore->sync, sync_access(&semaphore->sync, MODE_READ, 0, 0), pc);
    int32_t state = semaphore->sync.object->state;
    step_value((uint64_t)state);
    sync_touch(value, sizeof *value, true, pc);
    *value = state;
    return 0;
}

EXPORT int sem_init(sem_t *semaphore, int shared_between, unsigned value) {
    (void)shared_between;
    return semaphore_init(semaphore, value, hook_caller);
}

EXPORT int sem_destroy(sem_t *semaphore) {
    return semaphore_destroy(semaphore, hook_caller);
}

EXPORT int sem_wait(sem_t *semaphore) {
    return semaphore_wait(semaphore, hook_caller);
}

EXPORT int sem_trywait(sem_t *semaphore) {
    return semaphore_trywait(semaphore, hook_caller);
}

EXPORT int sem_timedwait(sem_t *semaphore, const struct timespec *time) {
    return semaphore_clockwait(semaphore, CLOCK_REALTIME, time, hook_caller);
}

EXPORT int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *time) {
    return semaphore_clockwait(semaphore, clock, time, hook_caller);
}

EXPORT int sem_post(sem_t *semaphore) {
    return semaphore_post(semaphore, hook_caller);
}

EXPORT int sem_getvalue(sem_t *semaphore, int *value) {
    return semaphore_value(semaphore, value, hook_caller);
}
