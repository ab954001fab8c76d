/* SPDX-License-Identifier: MIT */
/*
 * C11 threads: the same objects under other names, with results of their own.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <threads.h>

#include "explore/runtime/hook.h"
#include "explore/runtime/world/cond.h"
#include "explore/runtime/world/key.h"
#include "explore/runtime/world/limit.h"
#include "explore/runtime/world/mutex.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread.h"
#include "explore/runtime/world/thread_state.h"

static int result_of(int error) {
    switch (error) {
    case 0:
        return thrd_success;
    case EBUSY:
        return thrd_busy;
    case ETIMEDOUT:
        return thrd_timedout;
    case ENOMEM:
        return thrd_nomem;
    default:
        return thrd_error;
    }
}

/* --- threads --- */

EXPORT int thrd_create(thrd_t *handle, thrd_start_t start, void *argument) {
    const struct thread like = {
        .start = (void *(*)(void *))(uintptr_t)start, .argument = argument, .c11 = true};
    return result_of(thread_create(handle, &like, hook_caller));
}

EXPORT int thrd_join(thrd_t handle, int *result) {
    uintptr_t pc = hook_caller;
    const struct thread *thread = thread_of(thread_find(handle, SAY_JOINS, pc));
    int error = thread_join(handle, NULL, NULL, pc);
    if (error == 0 && result != NULL) {
        sync_touch(result, sizeof *result, true, pc);
        *result = (int)(intptr_t)thread->result;
    }
    return result_of(error);
}

EXPORT int thrd_detach(thrd_t handle) {
    return result_of(thread_detach(handle, hook_caller));
}

EXPORT _Noreturn void thrd_exit(int result) {
    thread_exit((void *)(intptr_t)result, CALLER());
}

EXPORT thrd_t thrd_current(void) {
    return pthread_self();
}

/* --- mutexes: libc's mtx_t has the layout of its pthread_mutex_t --- */

static pthread_mutex_t *mutex_of(mtx_t *mutex) {
    return (pthread_mutex_t *)(void *)mutex;
}

EXPORT int mtx_init(mtx_t *mutex, int type) {
    int word = (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL;
    if ((type & ~(mtx_recursive | mtx_timed)) != 0)
        return thrd_error;
    return result_of(mutex_init(mutex_of(mutex), word, hook_caller));
}

EXPORT void mtx_destroy(mtx_t *mutex) {
    mutex_destroy(mutex_of(mutex), hook_caller);
}

EXPORT int mtx_lock(mtx_t *mutex) {
    return result_of(mutex_lock(mutex_of(mutex), hook_caller));
}

EXPORT int mtx_trylock(mtx_t *mutex) {
    return result_of(mutex_trylock(mutex_of(mutex), hook_caller));
}

EXPORT int mtx_timedlock(mtx_t *restrict mutex, const struct timespec *restrict time) {
    return result_of(mutex_clocklock(mutex_of(mutex), CLOCK_REALTIME, time, hook_caller));
}

EXPORT int mtx_unlock(mtx_t *mutex) {
    return result_of(mutex_unlock(mutex_of(mutex), hook_caller));
}

/* --- condition variables: likewise --- */

static pthread_cond_t *cond_of(cnd_t *cond) {
    return (pthread_cond_t *)(void *)cond;
}

EXPORT int cnd_init(cnd_t *cond) {
    return result_of(cond_init(cond_of(cond), CLOCK_REALTIME, hook_caller));
}

EXPORT void cnd_destroy(cnd_t *cond) {
    cond_destroy(cond_of(cond), hook_caller);
}

EXPORT int cnd_wait(cnd_t *cond, mtx_t *mutex) {
    return result_of(cond_wait(cond_of(cond), mutex_of(mutex), NULL, hook_caller));
}

EXPORT int cnd_timedwait(cnd_t *restrict cond, mtx_t *restrict mutex,
                         const struct timespec *restrict time) {
    uintptr_t pc = hook_caller;
    struct limit limit = limit_until(CLOCK_REALTIME, time, pc);
    return result_of(cond_wait(cond_of(cond), mutex_of(mutex), &limit, pc));
}

EXPORT int cnd_signal(cnd_t *cond) {
    return result_of(cond_signal(cond_of(cond), hook_caller));
}

EXPORT int cnd_broadcast(cnd_t *cond) {
    return result_of(cond_broadcast(cond_of(cond), hook_caller));
}

/* --- thread-specific storage --- */

EXPORT int tss_create(tss_t *key, tss_dtor_t destructor) {
    return result_of(key_create(key, destructor, hook_caller));
}

EXPORT void tss_delete(tss_t key) {
    key_delete(key, hook_caller);
}

EXPORT void *tss_get(tss_t key) {
    return key_get(key, hook_caller);
}

EXPORT int tss_set(tss_t key, void *value) {
    return result_of(key_set(key, value, hook_caller));
}
