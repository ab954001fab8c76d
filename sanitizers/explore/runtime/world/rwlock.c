/* SPDX-License-Identifier: MIT */
/*
 * Readers-writer locks.
 *
 * Counter: OP_MANY when free. A reader needs 1 and takes 1, a writer needs and takes OP_MANY. So
 * readers commute with each other, and a writer waits for all of them.
 *
 * libc has two kinds that differ: by default readers come first (PTHREAD_RWLOCK_PREFER_WRITER_NP is
 * the same), with PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP a writer that waits keeps new
 * readers out. For that, a second counter: OP_MANY less the writers in the queue. A writer first
 * takes its place there, in a step of its own; a reader needs the queue to be empty.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <pthread.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/object.h"
#include "explore/runtime/step.h"
#include "explore/runtime/world/attr.h"
#include "explore/runtime/world/hold.h"
#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/rwlock.h"
#include "explore/runtime/world/sync.h"

#define TURN_KEY (UINT64_C(1) << 61)
#define FLAGS_DESTROYED UINT32_MAX

/* --- the object --- */

static struct rwlock *rwlock_set_up(struct rwlock *lock, int kind) {
    lock->writer_first = kind == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
    lock->turn = object_find(lock->sync.object->key | TURN_KEY);
    object_set(lock->turn, OP_MANY);
    return lock;
}

static struct rwlock *rwlock_adopt(pthread_rwlock_t *bytes, uintptr_t pc) {
    uint32_t flags = bytes->__data.__flags;
    struct rwlock *old = sync_find(bytes, SYNC_RWLOCK);
    if (flags == FLAGS_DESTROYED)
        misuse(pc, DOING(PART(SAY_USES), PART(SAY_RWLOCK, (uintptr_t)bytes), PART(SAY_DESTROYED)),
               old != NULL ? &old->sync.ended : NULL, SAY_DESTROYED_HERE);
    if (flags > PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP || bytes->__data.__cur_writer != 0)
        misuse(pc,
               DOING(PART(SAY_USES), PART(SAY_RWLOCK, (uintptr_t)bytes), PART(SAY_UNINITIALISED)),
               NULL, SAY_NOTHING);
    return rwlock_set_up(sync_adopt(bytes, SYNC_RWLOCK, sizeof(struct rwlock), OP_MANY, pc),
                         (int)flags);
}

static struct rwlock *rwlock_at(pthread_rwlock_t *bytes, uintptr_t pc) {
    sync_check_memory(bytes, sizeof *bytes, SYNC_RWLOCK, pc);
    struct rwlock *lock = sync_find(bytes, SYNC_RWLOCK);
    bool first = bytes->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
    if (lock == NULL || bytes->__data.__flags == FLAGS_DESTROYED || first != lock->writer_first ||
        (bytes->__data.__cur_writer != 0) != (lock->writer != NULL))
        lock = rwlock_adopt(bytes, pc);
    sync_touch(bytes, sizeof *bytes, false, pc);
    return lock;
}

static void refuse_held(const struct rwlock *lock, enum message_text verb, uintptr_t pc) {
    if (lock == NULL || lock->sync.destroyed)
        return;
    if (lock->writer != NULL)
        misuse(pc,
               DOING(PART(verb), PART(SAY_RWLOCK, (uintptr_t)lock->sync.address),
                     PART(SAY_HELD_BY_OTHER, lock->writer->number)),
               lock->sync.taken, SAY_LOCKED_HERE);
    for (const struct hold *hold = lock->readers; hold != NULL; hold = hold->next)
        misuse(pc,
               DOING(PART(verb), PART(SAY_RWLOCK, (uintptr_t)lock->sync.address),
                     PART(SAY_HELD_BY_OTHER, hold->fiber->number)),
               hold->place, SAY_LOCKED_HERE);
}

static int rwlock_init(pthread_rwlock_t *bytes, int kind, uintptr_t pc) {
    sync_check_memory(bytes, sizeof *bytes, SYNC_RWLOCK, pc);
    const struct rwlock *old = sync_find(bytes, SYNC_RWLOCK);
    sync_init_step(bytes, OP_MANY, OP_OBJECT, pc);
    refuse_held(old, SAY_INITIALISES, pc);
    sync_touch(bytes, sizeof *bytes, true, pc);
    *bytes = (pthread_rwlock_t){.__data = {.__flags = (unsigned)kind}};
    rwlock_set_up(sync_make(bytes, SYNC_RWLOCK, sizeof(struct rwlock)), kind);
    return 0;
}

static int rwlock_destroy(pthread_rwlock_t *bytes, uintptr_t pc) {
    struct rwlock *lock = rwlock_at(bytes, pc);
    sync_step(OP_OBJECT, &lock->sync, sync_access(&lock->sync, MODE_WRITE, 0, 0), pc);
    sync_check(&lock->sync, pc);
    refuse_held(lock, SAY_DESTROYS, pc);
    sync_touch(bytes, sizeof *bytes, true, pc);
    sync_destroyed(&lock->sync, pc);
    bytes->__data.__flags = FLAGS_DESTROYED;
    return 0;
}

/* --- operations --- */

static struct access turn_access(const struct rwlock *lock, enum mode mode, int32_t need,
                                 int32_t delta) {
    struct access access = sync_access(&lock->sync, mode, need, delta);
    access.object = lock->turn->key;
    return access;
}

static struct op read_op(const struct rwlock *lock, enum op_kind kind, bool guarded) {
    struct op op = {.kind = (uint8_t)kind, .access_count = 1};
    op.access[0] = sync_access(&lock->sync, MODE_SHARE, guarded ? 1 : 0, -1);
    if (lock->writer_first)
        op.access[op.access_count++] = turn_access(lock, MODE_READ, guarded ? OP_MANY : 0, 0);
    return op;
}

/* `queued`: the writer has its place in the queue, and leaves it. */
static struct op write_op(const struct rwlock *lock, enum op_kind kind, bool guarded, bool queued) {
    struct op op = {.kind = (uint8_t)kind, .access_count = 1};
    op.access[0] = sync_access(&lock->sync, MODE_WRITE, guarded ? OP_MANY : 0, -OP_MANY);
    if (queued)
        op.access[op.access_count++] = turn_access(lock, MODE_POST, 0, 1);
    else if (lock->writer_first)
        op.access[op.access_count++] = turn_access(lock, MODE_READ, 0, 0);
    return op;
}

static bool queue_empty(const struct rwlock *lock) {
    return !lock->writer_first || lock->turn->state >= OP_MANY;
}

/* The step of an attempt without a guard has happened: did it succeed? */
static bool got_read(const struct rwlock *lock) {
    if (queue_empty(lock))
        return sync_got(&lock->sync);
    step_amend(0, MODE_READ, 0);
    step_refused();
    return false;
}

static bool got_write(const struct rwlock *lock, bool queued) {
    if (!queued && !queue_empty(lock)) {
        step_amend(0, MODE_READ, 0);
        step_refused();
        return false;
    }
    if (sync_got(&lock->sync))
        return true;
    if (queued)
        step_amend(1, MODE_READ, 0);
    return false;
}

static int read_taken(struct rwlock *lock, uintptr_t pc) {
    sync_check(&lock->sync, pc);
    hold_add(&lock->readers, MEMORY_HOLD, pc);
    sync_acquire(&lock->sync);
    return 0;
}

static int write_taken(struct rwlock *lock, bool queued, uintptr_t pc) {
    sync_check(&lock->sync, pc);
    if (queued)
        hold_remove(&lock->queue);
    lock->writer = self;
    *lock->sync.taken = place_here(pc);
    ((pthread_rwlock_t *)(uintptr_t)lock->sync.address)->__data.__cur_writer = self->number;
    sync_acquire(&lock->sync);
    hb_acquire((const char *)lock->sync.address + 1);
    return 0;
}

/* As libc does; EDEADLK is seen by nobody else. */
static bool is_writer(const struct rwlock *lock, enum op_kind kind, uintptr_t pc) {
    if (lock->writer != self)
        return false;
    const struct op nothing = {.kind = (uint8_t)kind};
    step(&nothing, lock->sync.address, pc);
    step_failed();
    return true;
}

/* --- readers --- */

static int read_lock(pthread_rwlock_t *bytes, uintptr_t pc) {
    struct rwlock *lock = rwlock_at(bytes, pc);
    if (is_writer(lock, OP_RW_READ, pc))
        return EDEADLK;
    const struct op op = read_op(lock, OP_RW_READ, true);
    sync_waits_for(self, &lock->sync, SAY_READ_LOCK);
    step(&op, bytes, pc);
    return read_taken(lock, pc);
}

static int read_try(pthread_rwlock_t *bytes, uintptr_t pc) {
    struct rwlock *lock = rwlock_at(bytes, pc);
    const struct op op = read_op(lock, OP_RW_TRYREAD, false);
    step(&op, bytes, pc);
    return got_read(lock) ? read_taken(lock, pc) : EBUSY;
}

static int read_timed(pthread_rwlock_t *bytes, clockid_t clock, const struct timespec *time,
                      uintptr_t pc) {
    struct rwlock *lock = rwlock_at(bytes, pc);
    if (is_writer(lock, OP_RW_READ, pc))
        return EDEADLK;
    struct limit limit = limit_until(clock, time, pc);
    const struct op op = read_op(lock, OP_RW_TRYREAD, false);
    step(&op, bytes, pc);
    while (!got_read(lock)) {
        int error = limit_sleep(&lock->sync, &op, &limit, SAY_READ_LOCK, false);
        if (error != 0)
            return error;
    }
    return read_taken(lock, pc);
}

/* --- writers --- */

static bool queue_enter(struct rwlock *lock, uintptr_t pc) {
    if (!lock->writer_first)
        return false;
    const struct op op = {
        .kind = OP_RW_REQUEST, .access_count = 1, .access = {turn_access(lock, MODE_POST, 0, -1)}};
    step(&op, lock->sync.address, pc);
    hold_add(&lock->queue, MEMORY_HOLD, pc);
    return true;
}

static void queue_leave(struct rwlock *lock, uintptr_t pc) {
    const struct op op = {
        .kind = OP_RW_REQUEST, .access_count = 1, .access = {turn_access(lock, MODE_POST, 0, 1)}};
    step(&op, lock->sync.address, pc);
    hold_remove(&lock->queue);
    limit_wake(&lock->sync);
}

static int write_lock(pthread_rwlock_t *bytes, uintptr_t pc) {
    struct rwlock *lock = rwlock_at(bytes, pc);
    if (is_writer(lock, OP_RW_WRITE, pc))
        return EDEADLK;
    bool queued = queue_enter(lock, pc);
    const struct op op = write_op(lock, OP_RW_WRITE, true, queued);
    sync_waits_for(self, &lock->sync, SAY_WRITE_LOCK);
    step(&op, bytes, pc);
    return write_taken(lock, queued, pc);
}

static int write_try(pthread_rwlock_t *bytes, uintptr_t pc) {
    struct rwlock *lock = rwlock_at(bytes, pc);
    const struct op op = write_op(lock, OP_RW_TRYWRITE, false, false);
    step(&op, bytes, pc);
    return got_write(lock, false) ? write_taken(lock, false, pc) : EBUSY;
}

static int write_timed(pthread_rwlock_t *bytes, clockid_t clock, const struct timespec *time,
                       uintptr_t pc) {
    struct rwlock *lock = rwlock_at(bytes, pc);
    if (is_writer(lock, OP_RW_WRITE, pc))
        return EDEADLK;
    struct limit limit = limit_until(clock, time, pc);
    bool queued = queue_enter(lock, pc);
    const struct op op = write_op(lock, OP_RW_TRYWRITE, false, queued);
    step(&op, bytes, pc);
    while (!got_write(lock, queued)) {
        int error = limit_sleep(&lock->sync, &op, &limit, SAY_WRITE_LOCK, false);
        if (error == 0)
            continue;
        if (queued)
            queue_leave(lock, pc);
        return error;
    }
    return write_taken(lock, queued, pc);
}

/* --- unlock --- */

static int write_unlock(struct rwlock *lock, uintptr_t pc) {
    sync_step(OP_RW_UNLOCK, &lock->sync, sync_access(&lock->sync, MODE_WRITE, 0, OP_MANY), pc);
    lock->writer = NULL;
    *lock->sync.taken = (struct world_place){0};
    ((pthread_rwlock_t *)(uintptr_t)lock->sync.address)->__data.__cur_writer = 0;
    sync_release(&lock->sync);
    limit_wake(&lock->sync);
    return 0;
}

/* Readers release to a place of their own: they order nothing among themselves. */
static int read_unlock(struct rwlock *lock, uintptr_t pc) {
    sync_step(OP_RW_UNLOCK, &lock->sync, sync_access(&lock->sync, MODE_SHARE, 0, 1), pc);
    hold_remove(&lock->readers);
    hb_release((const char *)lock->sync.address + 1);
    if (lock->sync.object->state == OP_MANY)
        limit_wake(&lock->sync);
    return 0;
}

static int unlock(pthread_rwlock_t *bytes, uintptr_t pc) {
    struct rwlock *lock = rwlock_at(bytes, pc);
    if (lock->writer == self)
        return write_unlock(lock, pc);
    if (hold_find(lock->readers, self) != NULL)
        return read_unlock(lock, pc);
    sync_step(OP_RW_UNLOCK, &lock->sync, sync_access(&lock->sync, MODE_READ, 0, 0), pc);
    misuse(pc, DOING(PART(SAY_UNLOCKS), PART(SAY_RWLOCK, (uintptr_t)bytes), PART(SAY_NOT_HELD)),
           lock->writer != NULL ? lock->sync.taken : NULL, SAY_LOCKED_HERE);
}

/* --- what the program calls --- */

EXPORT int pthread_rwlock_init(pthread_rwlock_t *lock, const pthread_rwlockattr_t *attr) {
    uintptr_t pc = hook_caller;
    return rwlock_init(lock, attr_rwlock_kind(attr, pc), pc);
}

EXPORT int pthread_rwlock_destroy(pthread_rwlock_t *lock) {
    return rwlock_destroy(lock, hook_caller);
}

EXPORT int pthread_rwlock_rdlock(pthread_rwlock_t *lock) {
    return read_lock(lock, hook_caller);
}

EXPORT int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock) {
    return read_try(lock, hook_caller);
}

EXPORT int pthread_rwlock_timedrdlock(pthread_rwlock_t *lock, const struct timespec *time) {
    return read_timed(lock, CLOCK_REALTIME, time, hook_caller);
}

EXPORT int pthread_rwlock_clockrdlock(pthread_rwlock_t *lock, clockid_t clock,
                                      const struct timespec *time) {
    return read_timed(lock, clock, time, hook_caller);
}

EXPORT int pthread_rwlock_wrlock(pthread_rwlock_t *lock) {
    return write_lock(lock, hook_caller);
}

EXPORT int pthread_rwlock_trywrlock(pthread_rwlock_t *lock) {
    return write_try(lock, hook_caller);
}

EXPORT int pthread_rwlock_timedwrlock(pthread_rwlock_t *lock, const struct timespec *time) {
    return write_timed(lock, CLOCK_REALTIME, time, hook_caller);
}

EXPORT int pthread_rwlock_clockwrlock(pthread_rwlock_t *lock, clockid_t clock,
                                      const struct timespec *time) {
    return write_timed(lock, clock, time, hook_caller);
}

EXPORT int pthread_rwlock_unlock(pthread_rwlock_t *lock) {
    return unlock(lock, hook_caller);
}
