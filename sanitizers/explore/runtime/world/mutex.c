/* SPDX-License-Identifier: MIT */
/*
 * Mutexes of every type.
 *
 * Counter: 1 when free; lock needs 1 and takes it, unlock gives it back. A normal mutex that its
 * owner locks again is thus never granted: when nobody else can move either, the wait-for graph
 * says why.
 *
 * A robust mutex whose owner ends becomes free in the owner's last steps and is `inconsistent`: who
 * gets it is told (EOWNERDEAD), and must call pthread_mutex_consistent before unlocking, or else
 * the mutex is `broken` and nobody gets it any more (ENOTRECOVERABLE).
 *
 * Of the object's own bytes libc's fields __kind (type), __lock and __owner are kept up to date.
 */
#include "explore/runtime/base.h"

#include <errno.h>

#include "explore/runtime/execution.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/step.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/world/attr.h"
#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/misuse.h"
#include "explore/runtime/world/mutex.h"
#include "explore/runtime/world/place.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"

/* libc's bits of __kind, beside the type. */
enum {
    WORD_TYPE = 3,
    WORD_ROBUST = 16,
    WORD_INHERIT = 32,
    WORD_PROTECT = 64,
    WORD_KNOWN = 0x3ff,
    WORD_DESTROYED = -1
};

/* --- the object --- */

static struct mutex *set_up(struct mutex *mutex, int32_t word) {
    uint64_t name = (uint64_t)(uintptr_t)mutex;
    mutex->word = word;
    mutex->sections = memory_new(MEMORY_SECTIONS, name, sizeof *mutex->sections);
    *mutex->sections = (struct mutex_sections){-1, -1, -1, -1};
    return mutex;
}

static struct mutex *mutex_adopt(pthread_mutex_t *bytes, uintptr_t pc) {
    struct mutex *old = sync_find(bytes, SYNC_MUTEX);
    int32_t word = bytes->__data.__kind;
    if (word == WORD_DESTROYED)
        misuse(pc, DOING(PART(SAY_USES), PART(SAY_MUTEX, (uintptr_t)bytes), PART(SAY_DESTROYED)),
               old != NULL ? &old->sync.ended : NULL, SAY_DESTROYED_HERE);
    if ((word & ~WORD_KNOWN) != 0 || bytes->__data.__lock != 0)
        misuse(pc,
               DOING(PART(SAY_USES), PART(SAY_MUTEX, (uintptr_t)bytes), PART(SAY_UNINITIALISED)),
               NULL, SAY_NOTHING);
    if ((word & WORD_PROTECT) != 0)
        unsupported(pc, SAY_PRIORITY_CEILING);
    return set_up(sync_adopt(bytes, SYNC_MUTEX, sizeof(struct mutex), 1, pc), word);
}

struct mutex *mutex_at(pthread_mutex_t *bytes, uintptr_t pc) {
    sync_check_memory(bytes, sizeof *bytes, SYNC_MUTEX, pc);
    struct mutex *mutex = sync_find(bytes, SYNC_MUTEX);
    if (mutex == NULL || bytes->__data.__kind != mutex->word ||
        (bytes->__data.__lock != 0) != (mutex->owner != NULL))
        mutex = mutex_adopt(bytes, pc);
    sync_touch(bytes, sizeof *bytes, false, pc);
    return mutex;
}

static struct message_part held_said(const struct mutex *mutex) {
    return mutex->owner == self ? PART(SAY_HELD_BY_ITSELF)
                                : PART(SAY_HELD_BY_OTHER, mutex->owner->number);
}

static void refuse_held(const struct mutex *mutex, enum message_text verb, uintptr_t pc) {
    if (mutex == NULL || mutex->sync.destroyed || mutex->owner == NULL)
        return;
    misuse(pc, DOING(PART(verb), PART(SAY_MUTEX, (uintptr_t)mutex->sync.address), held_said(mutex)),
           mutex->sync.taken, SAY_LOCKED_HERE);
}

int mutex_init(pthread_mutex_t *bytes, int32_t word, uintptr_t pc) {
    if ((word & WORD_PROTECT) != 0)
        unsupported(pc, SAY_PRIORITY_CEILING);
    sync_check_memory(bytes, sizeof *bytes, SYNC_MUTEX, pc);
    const struct mutex *old = sync_find(bytes, SYNC_MUTEX);
    sync_init_step(bytes, 1, OP_MUTEX_INIT, pc);
    refuse_held(old, SAY_INITIALISES, pc);
    set_up(sync_make(bytes, SYNC_MUTEX, sizeof(struct mutex)), word);
    sync_touch(bytes, sizeof *bytes, true, pc);
    *bytes = (pthread_mutex_t){.__data = {.__kind = word}};
    return 0;
}

int mutex_destroy(pthread_mutex_t *bytes, uintptr_t pc) {
    struct mutex *mutex = mutex_at(bytes, pc);
    sync_step(OP_MUTEX_DESTROY, &mutex->sync, sync_access(&mutex->sync, MODE_WRITE, 0, 0), pc);
    sync_check(&mutex->sync, pc);
    refuse_held(mutex, SAY_DESTROYS, pc);
    sync_touch(bytes, sizeof *bytes, true, pc);
    sync_destroyed(&mutex->sync, pc);
    bytes->__data.__kind = WORD_DESTROYED;
    return 0;
}

/* --- lock --- */

static void set_owner(struct mutex *mutex, struct fiber *owner) {
    pthread_mutex_t *bytes = (pthread_mutex_t *)(uintptr_t)mutex->sync.address;
    mutex->owner = owner;
    bytes->__data.__lock = owner != NULL;
    bytes->__data.__owner = owner != NULL ? owner->number : 0;
}

static bool is_robust(const struct mutex *mutex) {
    return (mutex->word & WORD_ROBUST) != 0;
}

int mutex_taken(struct mutex *mutex, uintptr_t pc) {
    sync_check(&mutex->sync, pc);
    if (mutex->broken) {
        step_amend(0, MODE_SHARE, 0); /* only looked, but not before it was unlocked */
        step_refused();
        return ENOTRECOVERABLE;
    }
    set_owner(mutex, self);
    mutex->count = 1;
    mutex->sections->began = execution.index;
    *mutex->sync.taken = place_here(pc);
    sync_acquire(&mutex->sync);
    if (!is_robust(mutex))
        return 0;
    struct thread *thread = thread_of(self);
    mutex->next = thread->robust;
    thread->robust = mutex;
    return mutex->inconsistent ? EOWNERDEAD : 0;
}

/* The owner's own business: the others see nothing of it. -1: it waits, for itself. */
static int relock(struct mutex *mutex, enum op_kind kind, uintptr_t pc) {
    const struct op op = {.kind = (uint8_t)kind};
    int type = mutex->word & WORD_TYPE;
    if (mutex->owner != self ||
        (type != PTHREAD_MUTEX_RECURSIVE && type != PTHREAD_MUTEX_ERRORCHECK))
        return -1;
    step(&op, mutex->sync.address, pc);
    if (type == PTHREAD_MUTEX_RECURSIVE) {
        mutex->count++;
        return 0;
    }
    step_failed();
    return kind == OP_MUTEX_TRYLOCK ? EBUSY : EDEADLK;
}

static struct op lock_op(const struct mutex *mutex, enum op_kind kind, int32_t need) {
    return (struct op){.kind = (uint8_t)kind,
                       .access_count = 1,
                       .access = {sync_access(&mutex->sync, MODE_WRITE, need, -1)}};
}

int mutex_lock(pthread_mutex_t *bytes, uintptr_t pc) {
    struct mutex *mutex = mutex_at(bytes, pc);
    int again = relock(mutex, OP_MUTEX_LOCK, pc);
    if (again >= 0)
        return again;
    const struct op op = lock_op(mutex, OP_MUTEX_LOCK, 1);
    sync_waits_for(self, &mutex->sync, SAY_MUTEX);
    step(&op, bytes, pc);
    return mutex_taken(mutex, pc);
}

int mutex_trylock(pthread_mutex_t *bytes, uintptr_t pc) {
    struct mutex *mutex = mutex_at(bytes, pc);
    int again = relock(mutex, OP_MUTEX_TRYLOCK, pc);
    if (again >= 0)
        return again;
    const struct op op = lock_op(mutex, OP_MUTEX_TRYLOCK, 0);
    step(&op, bytes, pc);
    return sync_got(&mutex->sync) ? mutex_taken(mutex, pc) : EBUSY;
}

int mutex_clocklock(pthread_mutex_t *bytes, clockid_t clock, const struct timespec *time,
                    uintptr_t pc) {
    struct mutex *mutex = mutex_at(bytes, pc);
    int again = relock(mutex, OP_MUTEX_TIMEDLOCK, pc);
    if (again >= 0)
        return again;
    struct limit limit = limit_until(clock, time, pc);
    const struct op op = lock_op(mutex, OP_MUTEX_TIMEDLOCK, 0);
    step(&op, bytes, pc);
    while (!sync_got(&mutex->sync)) {
        int error = limit_sleep(&mutex->sync, &op, &limit, SAY_MUTEX, false);
        if (error != 0)
            return error;
    }
    return mutex_taken(mutex, pc);
}

/* --- unlock --- */

static void forget_robust(struct mutex *mutex) {
    struct mutex **at = &thread_of(self)->robust;
    while (*at != NULL && *at != mutex)
        at = &(*at)->next;
    if (*at != NULL)
        *at = mutex->next;
}

void mutex_leave(struct mutex *mutex) {
    if (is_robust(mutex))
        forget_robust(mutex);
    if (mutex->inconsistent)
        mutex->broken = true;
    mutex->count = 0;
    *mutex->sync.taken = (struct world_place){0};
    set_owner(mutex, NULL);
    sync_release(&mutex->sync);
    limit_wake(&mutex->sync);
}

static void section_ends(struct mutex_sections *sections) {
    if (sections->began < 0)
        return;
    if (sections->latest_by != self->id)
        sections->others = sections->latest;
    sections->latest = sections->began;
    sections->latest_by = self->id;
}

bool mutex_served(const struct mutex *mutex, int32_t after, int32_t actor) {
    const struct mutex_sections *sections = mutex->sections;
    return (sections->latest_by == actor ? sections->others : sections->latest) > after;
}

static int not_mine(struct mutex *mutex, uintptr_t pc) {
    sync_step(OP_MUTEX_UNLOCK, &mutex->sync, sync_access(&mutex->sync, MODE_READ, 0, 0), pc);
    int type = mutex->word & WORD_TYPE;
    if (type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK || is_robust(mutex)) {
        step_failed();
        return EPERM;
    }
    if (mutex->owner == NULL)
        misuse(pc,
               DOING(PART(SAY_UNLOCKS), PART(SAY_MUTEX, (uintptr_t)mutex->sync.address),
                     PART(SAY_NOT_LOCKED)),
               NULL, SAY_NOTHING);
    misuse(pc,
           DOING(PART(SAY_UNLOCKS), PART(SAY_MUTEX, (uintptr_t)mutex->sync.address),
                 PART(SAY_HELD_BY_OTHER, mutex->owner->number)),
           mutex->sync.taken, SAY_LOCKED_HERE);
}

int mutex_unlock(pthread_mutex_t *bytes, uintptr_t pc) {
    struct mutex *mutex = mutex_at(bytes, pc);
    if (mutex->owner != self)
        return not_mine(mutex, pc);
    if (mutex->count > 1) {
        const struct op nothing = {.kind = OP_MUTEX_UNLOCK};
        step(&nothing, bytes, pc);
        mutex->count--;
        return 0;
    }
    sync_step(OP_MUTEX_UNLOCK, &mutex->sync, sync_access(&mutex->sync, MODE_WRITE, 0, 1), pc);
    section_ends(mutex->sections);
    mutex_leave(mutex);
    return 0;
}

/* The kernel walks the list of an ended thread's robust mutexes. */
void mutex_orphan(struct mutex *held, uintptr_t pc) {
    while (held != NULL) {
        struct mutex *next = held->next;
        sync_step(OP_MUTEX_UNLOCK, &held->sync, sync_access(&held->sync, MODE_WRITE, 0, 1), pc);
        held->inconsistent = false; /* or leaving it would break it */
        mutex_leave(held);
        held->inconsistent = true;
        held = next;
    }
}

/* --- what the program calls --- */

EXPORT int pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attr) {
    uintptr_t pc = hook_caller;
    return mutex_init(mutex, attr_mutex_word(attr, pc), pc);
}

EXPORT int pthread_mutex_destroy(pthread_mutex_t *mutex) {
    return mutex_destroy(mutex, hook_caller);
}

EXPORT int pthread_mutex_lock(pthread_mutex_t *mutex) {
    return mutex_lock(mutex, hook_caller);
}

EXPORT int pthread_mutex_trylock(pthread_mutex_t *mutex) {
    return mutex_trylock(mutex, hook_caller);
}

EXPORT int pthread_mutex_timedlock(pthread_mutex_t *mutex, const struct timespec *time) {
    return mutex_clocklock(mutex, CLOCK_REALTIME, time, hook_caller);
}

EXPORT int pthread_mutex_clocklock(pthread_mutex_t *mutex, clockid_t clock,
                                   const struct timespec *time) {
    return mutex_clocklock(mutex, clock, time, hook_caller);
}

EXPORT int pthread_mutex_unlock(pthread_mutex_t *mutex) {
    return mutex_unlock(mutex, hook_caller);
}

EXPORT int pthread_mutex_consistent(pthread_mutex_t *bytes) {
    struct mutex *mutex = mutex_at(bytes, CALLER());
    if (!mutex->inconsistent || mutex->owner != self)
        return EINVAL;
    mutex->inconsistent = false;
    return 0;
}

EXPORT int pthread_mutex_setprioceiling(pthread_mutex_t *mutex, int ceiling, int *old) {
    (void)mutex, (void)ceiling, (void)old;
    unsupported_call(CALLER(), __func__, SAY_NOTHING);
}

EXPORT int pthread_mutex_getprioceiling(const pthread_mutex_t *mutex, int *ceiling) {
    (void)mutex, (void)ceiling;
    unsupported_call(CALLER(), __func__, SAY_NOTHING);
}
