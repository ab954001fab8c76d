/* SPDX-License-Identifier: MIT */
/*
 * Attribute objects. Nobody but the modelled world reads them, so they have a layout of our own,
 * within libc's size. What changes nothing in a world of one processor and virtual time (stack
 * sizes, scheduling, sharing between processes) is kept and otherwise ignored; a mutex with a
 * priority ceiling is refused where it is made.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>

#include "explore/runtime/calls/process.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/places.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/unsupported.h"
#include "explore/runtime/world/attr.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"

struct mutex_attr {
    uint8_t type, robust, protocol, pshared;
};
struct rwlock_attr {
    int32_t kind, pshared;
};
struct cond_attr { /* also a barrier's */
    uint16_t clock, pshared;
};

_Static_assert(sizeof(struct attr) <= sizeof(pthread_attr_t), "attributes of a thread");
_Static_assert(sizeof(struct mutex_attr) <= sizeof(pthread_mutexattr_t), "of a mutex");
_Static_assert(sizeof(struct rwlock_attr) <= sizeof(pthread_rwlockattr_t), "of a rwlock");
_Static_assert(sizeof(struct cond_attr) <= sizeof(pthread_condattr_t), "of a condition variable");
_Static_assert(sizeof(struct cond_attr) <= sizeof(pthread_barrierattr_t), "of a barrier");

static void *set(void *attr, size_t size, uintptr_t pc) {
    sync_touch(attr, size, true, pc);
    return attr;
}

static const void *get(const void *attr, size_t size, uintptr_t pc) {
    sync_touch(attr, size, false, pc);
    return attr;
}

/* pthread_TYPEattr_setNAME and ...getNAME for one field; `valid` says which values of `value`
 * are. */
#define ATTRIBUTE(attr_t, layout, setter, getter, field, type, valid)                              \
    EXPORT int setter(__typeof__(attr_t) *attr, type value) {                                      \
        if (!(valid))                                                                              \
            return EINVAL;                                                                         \
        struct layout *ours = set(attr, sizeof *ours, CALLER());                                   \
        ours->field = (__typeof__(ours->field))value;                                              \
        return 0;                                                                                  \
    }                                                                                              \
    EXPORT int getter(const __typeof__(attr_t) *attr, __typeof__(type) *value) {                   \
        const struct layout *ours = get(attr, sizeof *ours, CALLER());                             \
        *value = (type)ours->field;                                                                \
        return 0;                                                                                  \
    }

#define LIFE(attr_t, layout, init, destroy, ...)                                                   \
    EXPORT int init(__typeof__(attr_t) *attr) {                                                    \
        struct layout *ours = set(attr, sizeof *ours, CALLER());                                   \
        *ours = (struct layout){__VA_ARGS__};                                                      \
        return 0;                                                                                  \
    }                                                                                              \
    EXPORT int destroy(__typeof__(attr_t) *attr) {                                                 \
        set(attr, 1, CALLER());                                                                    \
        return 0;                                                                                  \
    }

/* --- threads --- */

LIFE(pthread_attr_t, attr, pthread_attr_init, pthread_attr_destroy, .stack_size = STACK_SIZE,
     .guard_size = 4096)
ATTRIBUTE(pthread_attr_t, attr, pthread_attr_setdetachstate, pthread_attr_getdetachstate, detached,
          int, value == PTHREAD_CREATE_JOINABLE || value == PTHREAD_CREATE_DETACHED)
ATTRIBUTE(pthread_attr_t, attr, pthread_attr_setinheritsched, pthread_attr_getinheritsched, inherit,
          int, value == PTHREAD_INHERIT_SCHED || value == PTHREAD_EXPLICIT_SCHED)
ATTRIBUTE(pthread_attr_t, attr, pthread_attr_setschedpolicy, pthread_attr_getschedpolicy, policy,
          int, value == SCHED_OTHER || value == SCHED_FIFO || value == SCHED_RR)
ATTRIBUTE(pthread_attr_t, attr, pthread_attr_setstacksize, pthread_attr_getstacksize, stack_size,
          size_t, value >= (size_t)PTHREAD_STACK_MIN)
ATTRIBUTE(pthread_attr_t, attr, pthread_attr_setguardsize, pthread_attr_getguardsize, guard_size,
          size_t, true)

EXPORT int pthread_attr_setscope(pthread_attr_t *attr, int value) {
    set(attr, sizeof(struct attr), CALLER());
    return value == PTHREAD_SCOPE_SYSTEM ? 0 : value == PTHREAD_SCOPE_PROCESS ? ENOTSUP : EINVAL;
}

EXPORT int pthread_attr_getscope(const pthread_attr_t *attr, int *value) {
    get(attr, sizeof(struct attr), CALLER());
    *value = PTHREAD_SCOPE_SYSTEM;
    return 0;
}

EXPORT int pthread_attr_setschedparam(pthread_attr_t *attr, const struct sched_param *param) {
    struct attr *ours = set(attr, sizeof *ours, CALLER());
    ours->priority = param->sched_priority;
    return 0;
}

EXPORT int pthread_attr_getschedparam(const pthread_attr_t *attr, struct sched_param *param) {
    const struct attr *ours = get(attr, sizeof *ours, CALLER());
    param->sched_priority = ours->priority;
    return 0;
}

EXPORT int pthread_attr_setstack(pthread_attr_t *attr, void *stack, size_t size) {
    struct attr *ours = set(attr, sizeof *ours, CALLER());
    if (size < (size_t)PTHREAD_STACK_MIN)
        return EINVAL;
    ours->stack = stack; /* remembered only: a thread's stack is the kernel's to place */
    ours->stack_size = size;
    return 0;
}

EXPORT int pthread_attr_getstack(const pthread_attr_t *attr, void **stack, size_t *size) {
    const struct attr *ours = get(attr, sizeof *ours, CALLER());
    *stack = ours->stack;
    *size = ours->stack_size;
    return 0;
}

EXPORT int pthread_attr_setaffinity_np(pthread_attr_t *attr, size_t size, const cpu_set_t *cpus) {
    (void)size, (void)cpus;
    process_scheduling_set(CALLER());
    set(attr, sizeof(struct attr), CALLER());
    return 0;
}

EXPORT int pthread_attr_getaffinity_np(const pthread_attr_t *attr, size_t size, cpu_set_t *cpus) {
    process_scheduling_asked(CALLER());
    get(attr, sizeof(struct attr), CALLER());
    sync_touch(cpus, size, true, CALLER());
    memset(cpus, 0xff, size); /* libc's answer when none was set: any */
    return 0;
}

EXPORT int pthread_attr_setsigmask_np(pthread_attr_t *attr, const sigset_t *mask) {
    (void)attr, (void)mask;
    unsupported_call(CALLER(), __func__, SAY_NOTHING);
}

EXPORT int pthread_attr_getsigmask_np(const pthread_attr_t *attr, sigset_t *mask) {
    get(attr, sizeof(struct attr), CALLER());
    sync_touch(mask, sizeof *mask, true, CALLER());
    memset(mask, 0, sizeof *mask);
    return PTHREAD_ATTR_NO_SIGMASK_NP;
}

EXPORT int pthread_getattr_default_np(pthread_attr_t *attr) {
    return pthread_attr_init(attr);
}

EXPORT int pthread_setattr_default_np(const pthread_attr_t *attr) {
    (void)attr;
    unsupported_call(CALLER(), __func__, SAY_NOTHING);
}

/* A thread's own stack, as far as it may grow. */
EXPORT int pthread_getattr_np(pthread_t handle, pthread_attr_t *attr) {
    struct fiber *fiber = thread_find(handle, SAY_ASKS_ATTRIBUTES, CALLER());
    struct attr *ours = set(attr, sizeof *ours, CALLER());
    *ours = (struct attr){
        .detached = thread_of(fiber)->detached,
        .stack = stack_of(fiber->id) - STACK_SIZE,
        .stack_size = STACK_SIZE,
    };
    return 0;
}

/* --- mutexes --- */

LIFE(pthread_mutexattr_t, mutex_attr, pthread_mutexattr_init, pthread_mutexattr_destroy, .type = 0)
ATTRIBUTE(pthread_mutexattr_t, mutex_attr, pthread_mutexattr_settype, pthread_mutexattr_gettype,
          type, int, value >= PTHREAD_MUTEX_TIMED_NP && value <= PTHREAD_MUTEX_ADAPTIVE_NP)
ATTRIBUTE(pthread_mutexattr_t, mutex_attr, pthread_mutexattr_setrobust, pthread_mutexattr_getrobust,
          robust, int, value == PTHREAD_MUTEX_STALLED || value == PTHREAD_MUTEX_ROBUST)
ATTRIBUTE(pthread_mutexattr_t, mutex_attr, pthread_mutexattr_setprotocol,
          pthread_mutexattr_getprotocol, protocol, int,
          value >= PTHREAD_PRIO_NONE && value <= PTHREAD_PRIO_PROTECT)
ATTRIBUTE(pthread_mutexattr_t, mutex_attr, pthread_mutexattr_setpshared,
          pthread_mutexattr_getpshared, pshared, int,
          value == PTHREAD_PROCESS_PRIVATE || value == PTHREAD_PROCESS_SHARED)

int32_t attr_mutex_word(const pthread_mutexattr_t *attr, uintptr_t pc) {
    if (attr == NULL)
        return PTHREAD_MUTEX_DEFAULT;
    const struct mutex_attr *ours = get(attr, sizeof *ours, pc);
    return ours->type | ours->robust << 4 | ours->protocol << 5; /* libc's bits of __kind */
}

EXPORT int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *attr, int value) {
    (void)attr, (void)value;
    unsupported_call(CALLER(), __func__, SAY_NOTHING);
}

EXPORT int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *attr, int *value) {
    (void)attr, (void)value;
    unsupported_call(CALLER(), __func__, SAY_NOTHING);
}

/* --- the others --- */

LIFE(pthread_rwlockattr_t, rwlock_attr, pthread_rwlockattr_init, pthread_rwlockattr_destroy,
     .kind = PTHREAD_RWLOCK_DEFAULT_NP)
ATTRIBUTE(pthread_rwlockattr_t, rwlock_attr, pthread_rwlockattr_setkind_np,
          pthread_rwlockattr_getkind_np, kind, int,
          value >= PTHREAD_RWLOCK_PREFER_READER_NP &&
              value <= PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
ATTRIBUTE(pthread_rwlockattr_t, rwlock_attr, pthread_rwlockattr_setpshared,
          pthread_rwlockattr_getpshared, pshared, int,
          value == PTHREAD_PROCESS_PRIVATE || value == PTHREAD_PROCESS_SHARED)

int attr_rwlock_kind(const pthread_rwlockattr_t *attr, uintptr_t pc) {
    if (attr == NULL)
        return PTHREAD_RWLOCK_DEFAULT_NP;
    const struct rwlock_attr *ours = get(attr, sizeof *ours, pc);
    return ours->kind;
}

LIFE(pthread_condattr_t, cond_attr, pthread_condattr_init, pthread_condattr_destroy,
     .clock = CLOCK_REALTIME)
ATTRIBUTE(pthread_condattr_t, cond_attr, pthread_condattr_setclock, pthread_condattr_getclock,
          clock, clockid_t, value == CLOCK_REALTIME || value == CLOCK_MONOTONIC)
ATTRIBUTE(pthread_condattr_t, cond_attr, pthread_condattr_setpshared, pthread_condattr_getpshared,
          pshared, int, value == PTHREAD_PROCESS_PRIVATE || value == PTHREAD_PROCESS_SHARED)

clockid_t attr_cond_clock(const pthread_condattr_t *attr, uintptr_t pc) {
    if (attr == NULL)
        return CLOCK_REALTIME;
    const struct cond_attr *ours = get(attr, sizeof *ours, pc);
    return ours->clock;
}

LIFE(pthread_barrierattr_t, cond_attr, pthread_barrierattr_init, pthread_barrierattr_destroy,
     .clock = 0)
ATTRIBUTE(pthread_barrierattr_t, cond_attr, pthread_barrierattr_setpshared,
          pthread_barrierattr_getpshared, pshared, int,
          value == PTHREAD_PROCESS_PRIVATE || value == PTHREAD_PROCESS_SHARED)
