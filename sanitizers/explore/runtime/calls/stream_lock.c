/* SPDX-License-Identifier: MIT */
/*
 * Each function on a FILE takes its lock and leaves it again, so that two of them do not race (stream.c). That somebody has it
 * for longer takes flockfile. Only where a program imports that, or streams in memory (there the lock orders what they do
 * to memory that others see), is the lock an object: then every call on a FILE waits for it, as a lock and an unlock in one step.
 */
#include "explore/runtime/base.h"

#include <stdio.h>

#include "explore/runtime/calls/checks.h"
#include "explore/runtime/calls/stream.h"
#include "explore/runtime/calls/stream_lock.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/race.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/sync.h"

static struct stream_lock *lock_of(const FILE *file, uintptr_t pc) {
    sync_check_memory(file, sizeof *file, SYNC_STREAM, pc);
    struct stream_lock *lock = sync_find(file, SYNC_STREAM);
    return lock != NULL ? lock : sync_adopt(file, SYNC_STREAM, sizeof *lock, 1, pc);
}

static struct stream_lock *lock_here(const struct visit *visit) {
    return lock_of((const FILE *)visit->argument[0], visit->pc);
}

static void announce(struct visit *visit, enum op_kind kind, struct access access) {
    visit->op = (struct op){.kind = (uint8_t)kind, .access_count = 1, .access = {access}};
    visit->object = (const void *)visit->argument[0];
}

/* --- flockfile and its kin --- */

static void take(struct visit *visit) {
    struct stream_lock *lock = lock_here(visit);
    lock->owner = self;
    lock->count = 1;
    *lock->sync.taken = place_here(visit->pc);
    sync_acquire(&lock->sync);
}

static void take_if_free(struct visit *visit) {
    bool got = sync_got(&lock_here(visit)->sync);
    if (got)
        take(visit);
    visit_skip(visit, got ? 0 : -1);
}

static void leave(struct visit *visit) {
    struct stream_lock *lock = lock_here(visit);
    lock->owner = NULL;
    *lock->sync.taken = (struct world_place){0};
    sync_release(&lock->sync);
}

/* Its owner may take it again: nobody else sees that. */
static bool take_again(struct visit *visit) {
    struct stream_lock *lock = lock_here(visit);
    visit_skip(visit, 0);
    if (lock->owner != self)
        return false;
    lock->count++;
    return true;
}

void check_flockfile(struct visit *visit) {
    if (take_again(visit))
        return;
    const struct stream_lock *lock = lock_here(visit);
    sync_waits_for(self, &lock->sync, SAY_STREAM);
    announce(visit, OP_MUTEX_LOCK, sync_access(&lock->sync, MODE_WRITE, 1, -1));
    visit->act = take;
}

void check_ftrylockfile(struct visit *visit) {
    if (take_again(visit))
        return;
    announce(visit, OP_MUTEX_TRYLOCK, sync_access(&lock_here(visit)->sync, MODE_WRITE, 0, -1));
    visit->act = take_if_free;
}

void check_funlockfile(struct visit *visit) {
    struct stream_lock *lock = lock_here(visit);
    if (lock->owner != self)
        misuse(visit->pc, DOING(PART(SAY_UNLOCKS), sync_said(&lock->sync), PART(SAY_NOT_HELD)),
               lock->owner != NULL ? lock->sync.taken : NULL, SAY_LOCKED_HERE);
    visit_skip(visit, 0);
    if (--lock->count > 0)
        return;
    announce(visit, OP_MUTEX_UNLOCK, sync_access(&lock->sync, MODE_WRITE, 0, 1));
    visit->act = leave;
}

/* --- all others --- */

void stream_lock_guard(struct visit *visit) {
    if (!stream_locks || visit->passes == NULL)
        return;
    const struct stream_lock *lock = lock_of(visit->passes, visit->pc);
    if (lock->owner == self)
        return;
    if (visit->op.access_count == OP_ACCESSES)
        visit_all(visit);
    sync_waits_for(self, &lock->sync, SAY_STREAM);
    visit->op.access[visit->op.access_count++] = sync_access(&lock->sync, MODE_WRITE, 1, 0);
}

void stream_lock_passed(const struct visit *visit) {
    if (!stream_locks || visit->passes == NULL)
        return;
    struct stream_lock *lock = lock_of(visit->passes, visit->pc);
    if (lock->owner != self)
        sync_acquire(&lock->sync);
    race_access((uintptr_t)visit->passes, 1, false, visit->pc);
    if (lock->owner != self && !visit->memory)
        sync_release(&lock->sync);
}

void stream_lock_left(const struct visit *visit) {
    if (!visit->memory || visit->passes == NULL || visit->call->spec.check == CHECK_fclose)
        return;
    struct stream_lock *lock = lock_of(visit->passes, visit->pc);
    if (lock->owner != self)
        sync_release(&lock->sync);
}
