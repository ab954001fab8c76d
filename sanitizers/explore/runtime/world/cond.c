/* SPDX-License-Identifier: MIT */
/*
 * Condition variables.
 *
 * A wait is two steps. The first leaves the mutex and puts the thread among the waiters, as one:
 * that is what makes the pattern right. The second, when it was woken, takes the mutex again. Which
 * waiter a signal wakes is a choice of the search; a signal that finds nobody changes nothing, and
 * is only remembered for the wait-for graph, as the likely lost wake-up.
 *
 * A wait may wake for nothing (POSIX allows it), each thread so often as the bound on it says:
 * then it never gets among the waiters at all, and just takes the mutex again; that this may
 * happen later makes no difference. A timed wait that ends early is the same. The two differ: who wakes up for
 * nothing may do so at once, and still have time left to wait again.
 *
 * No happens-before from signal to wait (C11): what orders is the mutex.
 */
#include "explore/runtime/base.h"

#include <errno.h>

#include "explore/runtime/bounds.h"
#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/step.h"
#include "explore/runtime/world/attr.h"
#include "explore/runtime/world/cancel.h"
#include "explore/runtime/world/cond.h"
#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/mutex.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"
#include "explore/search/search.h"

/* --- the object --- */

/* libc keeps the clock in bit 1 of __wrefs; all else is 0 in an object that libc never saw. */
enum { WREFS_MONOTONIC = 2, WREFS_KNOWN = 3 };
#define WREFS_DESTROYED UINT32_MAX

static bool bytes_valid(const pthread_cond_t *bytes) {
    const uint64_t *words = (const uint64_t *)(const void *)bytes;
    for (size_t i = 0; i < sizeof *bytes / sizeof *words; i++)
        if ((i == 4 ? (uint32_t)words[i] : words[i]) != 0)
            return false;
    return bytes->__data.__wrefs <= WREFS_KNOWN;
}

static clockid_t bytes_clock(const pthread_cond_t *bytes) {
    return (bytes->__data.__wrefs & WREFS_MONOTONIC) != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
}

struct cond_note *cond_note(const struct sync *sync) {
    return memory_new(MEMORY_SIGNALS, sync->object->key, sizeof(struct cond_note));
}

static struct cond *set_up(struct cond *cond, clockid_t clock) {
    cond->clock = clock;
    *cond_note(&cond->sync) = (struct cond_note){0};
    return cond;
}

static struct cond *cond_adopt(pthread_cond_t *bytes, uintptr_t pc) {
    struct cond *old = sync_find(bytes, SYNC_COND);
    if (bytes->__data.__wrefs == WREFS_DESTROYED)
        misuse(pc, DOING(PART(SAY_USES), PART(SAY_COND, (uintptr_t)bytes), PART(SAY_DESTROYED)),
               old != NULL ? &old->sync.ended : NULL, SAY_DESTROYED_HERE);
    if (!bytes_valid(bytes))
        misuse(pc, DOING(PART(SAY_USES), PART(SAY_COND, (uintptr_t)bytes), PART(SAY_UNINITIALISED)),
               NULL, SAY_NOTHING);
    return set_up(sync_adopt(bytes, SYNC_COND, sizeof(struct cond), 0, pc), bytes_clock(bytes));
}

static struct cond *cond_at(pthread_cond_t *bytes, uintptr_t pc) {
    sync_check_memory(bytes, sizeof *bytes, SYNC_COND, pc);
    struct cond *cond = sync_find(bytes, SYNC_COND);
    if (cond == NULL || bytes->__data.__wrefs == WREFS_DESTROYED ||
        cond->clock != bytes_clock(bytes))
        cond = cond_adopt(bytes, pc);
    sync_touch(bytes, sizeof *bytes, false, pc);
    return cond;
}

static void refuse_waited(const struct cond *cond, enum message_text verb, uintptr_t pc) {
    if (cond == NULL || cond->sync.destroyed || cond->waiters == NULL)
        return;
    misuse(pc,
           DOING(PART(verb), PART(SAY_COND, (uintptr_t)cond->sync.address),
                 PART(SAY_AWAITED_ON, cond->waiters->fiber->number)),
           &cond->waiters->place, SAY_WAITS_HERE);
}

int cond_init(pthread_cond_t *bytes, clockid_t clock, uintptr_t pc) {
    sync_check_memory(bytes, sizeof *bytes, SYNC_COND, pc);
    const struct cond *old = sync_find(bytes, SYNC_COND);
    sync_init_step(bytes, 0, OP_OBJECT, pc);
    refuse_waited(old, SAY_INITIALISES, pc);
    set_up(sync_make(bytes, SYNC_COND, sizeof(struct cond)), clock);
    sync_touch(bytes, sizeof *bytes, true, pc);
    *bytes =
        (pthread_cond_t){.__data = {.__wrefs = clock == CLOCK_MONOTONIC ? WREFS_MONOTONIC : 0}};
    return 0;
}

int cond_destroy(pthread_cond_t *bytes, uintptr_t pc) {
    struct cond *cond = cond_at(bytes, pc);
    sync_step(OP_OBJECT, &cond->sync, sync_access(&cond->sync, MODE_WRITE, 0, 0), pc);
    sync_check(&cond->sync, pc);
    refuse_waited(cond, SAY_DESTROYS, pc);
    sync_touch(bytes, sizeof *bytes, true, pc);
    sync_destroyed(&cond->sync, pc);
    bytes->__data.__wrefs = WREFS_DESTROYED;
    return 0;
}

/* --- waiters --- */

/* Who came first does not matter, as any may be woken: so it is no part of the state. */
static void waiters_add(struct cond *cond, struct cond_waiter *waiter) {
    struct cond_waiter **at = &cond->waiters;
    while (*at != NULL && (*at)->fiber->id < waiter->fiber->id)
        at = &(*at)->next;
    waiter->next = *at;
    *at = waiter;
    cond->mutex = waiter->mutex;
}

static void waiters_remove(struct cond *cond, struct cond_waiter *waiter) {
    struct cond_waiter **at = &cond->waiters;
    while (*at != NULL && *at != waiter)
        at = &(*at)->next;
    if (*at != NULL)
        *at = waiter->next;
    waiter->next = NULL;
    if (cond->waiters == NULL)
        cond->mutex = NULL;
}

static void waiter_wake(struct cond_waiter *waiter) {
    waiters_remove(waiter->cond, waiter);
    cancel_settle(waiter->fiber); /* who has been woken is not cancelled any more */
    step_wake(waiter->fiber, &waiter->relock);
    sync_waits_for(waiter->fiber, &waiter->mutex->sync, SAY_MUTEX);
}

/* Somebody cancels a waiter: it takes the mutex, then acts. */
static void interrupt_wait(struct fiber *fiber) {
    struct thread *thread = thread_of(fiber);
    thread->cancel_acts = true;
    waiter_wake(thread->interrupted);
}

/* --- wait --- */

/* A mutex that is locked twice over is not free while its owner waits, as in libc. */
static struct op leave_op(const struct cond *cond, const struct mutex *mutex) {
    struct op op = {.kind = OP_COND_WAIT, .access_count = 1};
    op.access[0] = sync_access(&cond->sync, MODE_WRITE, 0, 0);
    if (mutex->count == 1)
        op.access[op.access_count++] = sync_access(&mutex->sync, MODE_WRITE, 0, 1);
    return op;
}

static struct op relock_op(const struct mutex *mutex, bool nested) {
    struct op op = {.kind = OP_COND_RELOCK};
    if (!nested)
        op.access[op.access_count++] = sync_access(&mutex->sync, MODE_WRITE, 1, -1);
    return op;
}

static void check_mutex(const struct cond *cond, const struct mutex *mutex, uintptr_t pc) {
    sync_check(&cond->sync, pc);
    if (cond->waiters != NULL && cond->mutex != mutex)
        misuse(pc,
               DOING(PART(SAY_WAITS_ON), PART(SAY_COND, (uintptr_t)cond->sync.address),
                     PART(SAY_OTHER_MUTEX, cond->waiters->fiber->number)),
               &cond->waiters->place, SAY_WAITS_HERE);
}

/* Who has left the mutex since a signal woke it has made use of that. */
static void forget_used(const struct cond *cond, const struct mutex *mutex) {
    struct cond_note *note = cond_note(&cond->sync);
    if (note->woken == self && mutex->sections->began >= 0)
        note->woken = NULL;
}

/* What a wait hangs on behind its first step, but for what it was called with: what it will return, and whether
 * it has left its mutex. */
static void say_rest(char *hook, int result, const struct cond_waiter *waiter) {
    step_rest(hook, 1U + (result != 0) + 2U * waiter->relock.access_count);
}

/* Nobody wakes it: its time is over, or it wakes up for nothing. */
static int relock_alone(const struct cond_waiter *waiter, int result, char *hook, uintptr_t pc) {
    cancel_settle(self);
    sync_waits_for(self, &waiter->mutex->sync, SAY_MUTEX);
    say_rest(hook, result, waiter);
    step(&waiter->relock, waiter->mutex->sync.address, pc);
    return result;
}

/* Among the waiters. 0 when woken, with the relocking step granted; ETIMEDOUT. */
static int sleep_on(struct cond *cond, struct cond_waiter *waiter, const struct limit *limit,
                    char *hook, uintptr_t pc) {
    waiters_add(cond, waiter);
    sync_waits_for(self, &cond->sync, SAY_COND);
    cancel_enter(interrupt_wait, waiter);
    say_rest(hook, 0, waiter);
    if (step_sleep(limit != NULL, limit != NULL ? limit->deadline : 0))
        return 0;
    waiters_remove(cond, waiter);
    return relock_alone(waiter, ETIMEDOUT, hook, pc);
}

static void check_held(const struct cond *cond, const struct mutex *mutex, uintptr_t pc) {
    if (mutex->owner == self)
        return;
    sync_step(OP_COND_WAIT, &mutex->sync, sync_access(&mutex->sync, MODE_READ, 0, 0), pc);
    misuse(pc,
           DOING(PART(SAY_WAITS_ON), PART(SAY_COND, (uintptr_t)cond->sync.address),
                 PART(SAY_WITHOUT_MUTEX)),
           mutex->owner != NULL ? mutex->sync.taken : NULL, SAY_MUTEX_LOCKED_HERE);
}

int cond_wait(pthread_cond_t *bytes, pthread_mutex_t *mutex_bytes, struct limit *limit,
              uintptr_t pc) {
    char *hook = hook_frame;
    struct cond *cond = cond_at(bytes, pc);
    struct mutex *mutex = mutex_at(mutex_bytes, pc);
    check_held(cond, mutex, pc);
    if (limit != NULL && limit->error != 0)
        return limit->error;
    struct op op = leave_op(cond, mutex);
    bool nested = mutex->count > 1;
    cancel_step(&op, bytes, false, pc);
    check_mutex(cond, mutex, pc);
    forget_used(cond, mutex);
    if (!nested)
        mutex_leave(mutex);
    struct cond_waiter waiter = {.fiber = self,
                                 .cond = cond,
                                 .mutex = mutex,
                                 .relock = relock_op(mutex, nested),
                                 .place = place_here(pc)};
    bool over = limit != NULL && limit_is_over(limit);
    enum limit_end why = over ? LIMIT_RUNS_OUT : limit_ends_early(limit);
    int result;
    if (!bounds_is_free(BOUND_SPURIOUS)) /* then a wake-up hangs on the signal */
        step_unordered();
    if (why == LIMIT_WAITS) {
        result = sleep_on(cond, &waiter, limit, hook, pc);
    } else {
        step_amend(0, MODE_READ, 0);
        if (limit != NULL && why == LIMIT_RUNS_OUT)
            flow_to(limit->deadline);
        result = relock_alone(&waiter, why == LIMIT_RUNS_OUT ? ETIMEDOUT : 0, hook, pc);
    }
    int error = nested ? 0 : mutex_taken(mutex, pc);
    mutex->sections->began = -1;
    cancel_leave(pc);
    return error != 0 ? error : result;
}

/* --- signal --- */

/* A signal that went to one of several, who then waits again at once, is as good as lost: for the graph. */
static void remember(const struct cond *cond, const struct cond_waiter *chosen, uintptr_t pc) {
    struct cond_note *note = cond_note(&cond->sync);
    if (chosen == NULL) {
        note->lost = place_here(pc);
        note->lost_at = execution.index;
    } else if (cond->waiters->next != NULL) {
        note->given = place_here(pc);
        note->woken = chosen->fiber;
    }
}

int cond_signal(pthread_cond_t *bytes, uintptr_t pc) {
    struct cond *cond = cond_at(bytes, pc);
    sync_step(OP_COND_SIGNAL, &cond->sync, sync_access(&cond->sync, MODE_WRITE, 0, 0), pc);
    sync_check(&cond->sync, pc);
    int count = 0;
    for (const struct cond_waiter *waiter = cond->waiters; waiter != NULL; waiter = waiter->next)
        count++;
    if (count == 0)
        step_amend(0, MODE_READ, 0);
    int skip = count > 1 ? step_choose(count, CHOICE_WAITER) : 0;
    struct cond_waiter *chosen = cond->waiters;
    for (; skip > 0 && chosen != NULL; skip--)
        chosen = chosen->next;
    remember(cond, chosen, pc);
    if (chosen != NULL)
        waiter_wake(chosen);
    return 0;
}

int cond_broadcast(pthread_cond_t *bytes, uintptr_t pc) {
    struct cond *cond = cond_at(bytes, pc);
    sync_step(OP_COND_BROADCAST, &cond->sync, sync_access(&cond->sync, MODE_WRITE, 0, 0), pc);
    sync_check(&cond->sync, pc);
    if (cond->waiters == NULL) {
        step_amend(0, MODE_READ, 0);
        remember(cond, NULL, pc);
    }
    while (cond->waiters != NULL)
        waiter_wake(cond->waiters);
    return 0;
}

/* --- what the program calls --- */

EXPORT int pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attr) {
    uintptr_t pc = hook_caller;
    return cond_init(cond, attr_cond_clock(attr, pc), pc);
}

EXPORT int pthread_cond_destroy(pthread_cond_t *cond) {
    return cond_destroy(cond, hook_caller);
}

EXPORT int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex) {
    return cond_wait(cond, mutex, NULL, hook_caller);
}

EXPORT int pthread_cond_timedwait(pthread_cond_t *cond, pthread_mutex_t *mutex,
                                  const struct timespec *time) {
    uintptr_t pc = hook_caller;
    struct limit limit = limit_until(cond_at(cond, pc)->clock, time, pc);
    return cond_wait(cond, mutex, &limit, pc);
}

EXPORT int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
                                  const struct timespec *time) {
    uintptr_t pc = hook_caller;
    struct limit limit = limit_until(clock, time, pc);
    return cond_wait(cond, mutex, &limit, pc);
}

EXPORT int pthread_cond_signal(pthread_cond_t *cond) {
    return cond_signal(cond, hook_caller);
}

EXPORT int pthread_cond_broadcast(pthread_cond_t *cond) {
    return cond_broadcast(cond, hook_caller);
}
