/* SPDX-License-Identifier: MIT */
/*
 * Spin locks: as mutexes, but without types, and without a static initialiser. Spinning is waiting:
 * a thread that spins for ever shows as one that waits.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <pthread.h>

#include "explore/runtime/atomics.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/step.h"
#include "explore/runtime/store_buffer.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/spin.h"
#include "explore/runtime/world/sync.h"

static struct spin *spin_at(pthread_spinlock_t *bytes, uintptr_t pc) {
    const void *address = (const void *)(uintptr_t)bytes;
    sync_check_memory(address, sizeof *bytes, SYNC_SPIN, pc);
    struct spin *spin = sync_find(address, SYNC_SPIN);
    if (spin == NULL)
        misuse(pc,
               DOING(PART(SAY_USES), PART(SAY_SPIN, (uintptr_t)address), PART(SAY_UNINITIALISED)),
               NULL, SAY_NOTHING);
    sync_check(&spin->sync, pc);
    sync_touch(address, sizeof *bytes, false, pc);
    return spin;
}

static void refuse_held(const struct spin *spin, enum message_text verb, uintptr_t pc) {
    if (spin != NULL && !spin->sync.destroyed && spin->owner != NULL)
        misuse(pc,
               DOING(PART(verb), PART(SAY_SPIN, (uintptr_t)spin->sync.address),
                     PART(SAY_HELD_BY_OTHER, spin->owner->number)),
               spin->sync.taken, SAY_LOCKED_HERE);
}

/* What is to be a lock no more, or another one, waits for the last unlock. */
static void settle(const struct spin *spin, uintptr_t pc) {
    if (spin != NULL && store_buffer_unlocks(spin->sync.object->key))
        step_drain(0, pc);
}

static int spin_init(pthread_spinlock_t *bytes, uintptr_t pc) {
    const void *address = (const void *)(uintptr_t)bytes;
    sync_check_memory(address, sizeof *bytes, SYNC_SPIN, pc);
    const struct spin *old = sync_find(address, SYNC_SPIN);
    settle(old, pc);
    sync_init_step(address, 1, OP_OBJECT, pc);
    refuse_held(old, SAY_INITIALISES, pc);
    sync_make(address, SYNC_SPIN, sizeof *old);
    sync_touch(address, sizeof *bytes, true, pc);
    *bytes = 1; /* what libc calls free on this machine */
    return 0;
}

static int spin_destroy(pthread_spinlock_t *bytes, uintptr_t pc) {
    struct spin *spin = spin_at(bytes, pc);
    settle(spin, pc);
    sync_step(OP_OBJECT, &spin->sync, sync_access(&spin->sync, MODE_WRITE, 0, 0), pc);
    sync_check(&spin->sync, pc);
    refuse_held(spin, SAY_DESTROYS, pc);
    sync_touch(spin->sync.address, sizeof *bytes, true, pc);
    sync_destroyed(&spin->sync, pc);
    return 0;
}

static int taken(struct spin *spin, uintptr_t pc) {
    sync_check(&spin->sync, pc);
    spin->owner = self;
    *spin->sync.taken = place_here(pc);
    sync_acquire(&spin->sync);
    return 0;
}

static void spin_left(struct spin *spin) {
    spin->owner = NULL;
    *spin->sync.taken = (struct world_place){0};
}

static int spin_lock(pthread_spinlock_t *bytes, uintptr_t pc) {
    struct spin *spin = spin_at(bytes, pc);
    sync_waits_for(self, &spin->sync, SAY_SPIN);
    sync_step(OP_SPIN_LOCK, &spin->sync, sync_access(&spin->sync, MODE_WRITE, 1, -1), pc);
    return taken(spin, pc);
}

static int spin_trylock(pthread_spinlock_t *bytes, uintptr_t pc) {
    struct spin *spin = spin_at(bytes, pc);
    sync_step(OP_SPIN_TRYLOCK, &spin->sync, sync_access(&spin->sync, MODE_WRITE, 0, -1), pc);
    return sync_got(&spin->sync) ? taken(spin, pc) : EBUSY;
}

_Noreturn static void not_held(const struct spin *spin, uintptr_t pc) {
    misuse(
        pc,
        DOING(PART(SAY_UNLOCKS), PART(SAY_SPIN, (uintptr_t)spin->sync.address), PART(SAY_NOT_HELD)),
        spin->owner != NULL ? spin->sync.taken : NULL, SAY_LOCKED_HERE);
}

/* A store without a lock prefix: it may wait in the store buffer. To its thread the lock is free at once. */
static int spin_unlock(pthread_spinlock_t *bytes, uintptr_t pc) {
    struct spin *spin = spin_at(bytes, pc);
    bool mine = spin->owner == self;
    if (mine && atomic_unlock_waits(spin->sync.object->key, spin->sync.address, pc)) {
        spin_left(spin);
        return 0;
    }
    sync_step(OP_SPIN_UNLOCK, &spin->sync,
              sync_access(&spin->sync, mine ? MODE_WRITE : MODE_READ, 0, mine ? 1 : 0), pc);
    if (!mine)
        not_held(spin, pc);
    spin_left(spin);
    sync_release(&spin->sync);
    return 0;
}

EXPORT int pthread_spin_init(pthread_spinlock_t *lock, int shared_between) {
    (void)shared_between;
    return spin_init(lock, hook_caller);
}

EXPORT int pthread_spin_destroy(pthread_spinlock_t *lock) {
    return spin_destroy(lock, hook_caller);
}

EXPORT int pthread_spin_lock(pthread_spinlock_t *lock) {
    return spin_lock(lock, hook_caller);
}

EXPORT int pthread_spin_trylock(pthread_spinlock_t *lock) {
    return spin_trylock(lock, hook_caller);
}

EXPORT int pthread_spin_unlock(pthread_spinlock_t *lock) {
    return spin_unlock(lock, hook_caller);
}
