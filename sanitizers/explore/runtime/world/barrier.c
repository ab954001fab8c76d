/* SPDX-License-Identifier: MIT */
/*
 * Barriers: all but the last to arrive sleep; the last wakes them and is the one that is told
 * (PTHREAD_BARRIER_SERIAL_THREAD), as in libc. What happens before one arrives happens before all
 * leave that round: the last one says so for all of them, as a fast thread may arrive at the next round
 * while a slow one has yet to leave this.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <pthread.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/hb.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/step.h"
#include "explore/runtime/world/barrier.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/sync.h"

static struct barrier *barrier_at(pthread_barrier_t *bytes, uintptr_t pc) {
    sync_check_memory(bytes, sizeof *bytes, SYNC_BARRIER, pc);
    struct barrier *barrier = sync_find(bytes, SYNC_BARRIER);
    if (barrier == NULL)
        misuse(pc,
               DOING(PART(SAY_USES), PART(SAY_BARRIER, (uintptr_t)bytes), PART(SAY_UNINITIALISED)),
               NULL, SAY_NOTHING);
    sync_check(&barrier->sync, pc);
    sync_touch(bytes, sizeof *bytes, false, pc);
    return barrier;
}

static void refuse_waited(const struct barrier *barrier, enum message_text verb, uintptr_t pc) {
    if (barrier == NULL || barrier->sync.destroyed || barrier->waiting == NULL)
        return;
    const struct fiber *fiber = barrier->waiting->fiber;
    const struct world_place place = {.pc = fiber->pc, .stack = fiber->stack, .actor = fiber->id};
    misuse(pc,
           DOING(PART(verb), PART(SAY_BARRIER, (uintptr_t)barrier->sync.address),
                 PART(SAY_AWAITED_AT, fiber->number)),
           &place, SAY_WAITS_HERE);
}

static int barrier_init(pthread_barrier_t *bytes, unsigned count, uintptr_t pc) {
    if (count == 0)
        return EINVAL;
    sync_check_memory(bytes, sizeof *bytes, SYNC_BARRIER, pc);
    const struct barrier *old = sync_find(bytes, SYNC_BARRIER);
    sync_init_step(bytes, 0, OP_OBJECT, pc);
    refuse_waited(old, SAY_INITIALISES, pc);
    sync_touch(bytes, sizeof *bytes, true, pc);
    struct barrier *barrier = sync_make(bytes, SYNC_BARRIER, sizeof *barrier);
    barrier->count = count;
    return 0;
}

static int barrier_destroy(pthread_barrier_t *bytes, uintptr_t pc) {
    struct barrier *barrier = barrier_at(bytes, pc);
    sync_step(OP_OBJECT, &barrier->sync, sync_access(&barrier->sync, MODE_WRITE, 0, 0), pc);
    sync_check(&barrier->sync, pc);
    refuse_waited(barrier, SAY_DESTROYS, pc);
    sync_touch(bytes, sizeof *bytes, true, pc);
    sync_destroyed(&barrier->sync, pc);
    return 0;
}

static int last_arrived(struct barrier *barrier) {
    struct timed_sleeper *sleeper = barrier->waiting;
    barrier->waiting = NULL;
    barrier->arrived = 0;
    hb_acquire(barrier);
    for (; sleeper != NULL; sleeper = sleeper->next) {
        hb_acquire_for(sleeper->fiber, barrier);
        step_wake(sleeper->fiber, &sleeper->retry);
    }
    hb_forget(barrier);
    return PTHREAD_BARRIER_SERIAL_THREAD;
}

/* Of more threads than it takes any may complete a round: then that hangs on who came before, though
 * nothing orders them. */
static void note_member(struct barrier *barrier) {
    uint64_t *word = &barrier->members[self->id / 64], bit = UINT64_C(1) << self->id % 64;
    barrier->member_count += (*word & bit) == 0;
    *word |= bit;
    if (barrier->member_count > barrier->count)
        step_unordered();
}

static int barrier_wait(pthread_barrier_t *bytes, uintptr_t pc) {
    char *hook = hook_frame;
    struct barrier *barrier = barrier_at(bytes, pc);
    sync_step(OP_BARRIER, &barrier->sync, sync_access(&barrier->sync, MODE_WRITE, 0, 0), pc);
    sync_check(&barrier->sync, pc);
    note_member(barrier);
    hb_release(barrier);
    if (++barrier->arrived == barrier->count)
        return last_arrived(barrier);
    struct timed_sleeper sleeper = {.fiber = self, .retry = {.kind = OP_BARRIER}};
    sync_sleeps(&barrier->waiting, &sleeper);
    sync_waits_for(self, &barrier->sync, SAY_BARRIER);
    step_rest(hook, 1);
    step_sleep(false, 0);
    return 0;
}

EXPORT int pthread_barrier_init(pthread_barrier_t *barrier, const pthread_barrierattr_t *attr,
                                unsigned count) {
    (void)attr; /* shared between processes or not: there is one */
    return barrier_init(barrier, count, hook_caller);
}

EXPORT int pthread_barrier_destroy(pthread_barrier_t *barrier) {
    return barrier_destroy(barrier, hook_caller);
}

EXPORT int pthread_barrier_wait(pthread_barrier_t *barrier) {
    return barrier_wait(barrier, hook_caller);
}
