/* SPDX-License-Identifier: MIT */
/*
 * What else is asked of threads and has no bearing on what can happen: names, scheduling, affinity.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <sched.h>

#include "explore/runtime/calls/process.h"
#include "explore/runtime/world/sync.h"
#include "explore/runtime/world/thread_state.h"

EXPORT int pthread_setname_np(pthread_t handle, const char *name) {
    struct thread *thread = thread_of(thread_find(handle, SAY_NAMES, CALLER()));
    size_t length = strlen(name);
    if (length >= sizeof thread->name)
        return ERANGE;
    memcpy(thread->name, name, length + 1);
    return 0;
}

EXPORT int pthread_getname_np(pthread_t handle, char *buffer, size_t size) {
    struct thread *thread = thread_of(thread_find(handle, SAY_ASKS_NAME, CALLER()));
    size_t length = strlen(thread->name);
    if (size < sizeof thread->name)
        return ERANGE;
    sync_touch(buffer, sizeof thread->name, true, CALLER());
    memcpy(buffer, thread->name, length + 1);
    return 0;
}

EXPORT int pthread_setaffinity_np(pthread_t handle, size_t size, const cpu_set_t *set) {
    (void)size, (void)set;
    thread_find(handle, SAY_MOVES, CALLER());
    process_scheduling_set(CALLER());
    return 0;
}

EXPORT int pthread_getaffinity_np(pthread_t handle, size_t size, cpu_set_t *set) {
    thread_find(handle, SAY_ASKS_PROCESSORS, CALLER());
    process_scheduling_asked(CALLER());
    sync_touch(set, size, true, CALLER());
    memset(set, 0, size);
    CPU_SET_S(0, size, set);
    return 0;
}

EXPORT int pthread_setschedparam(pthread_t handle, int policy, const struct sched_param *param) {
    (void)policy, (void)param;
    thread_find(handle, SAY_SCHEDULES, CALLER());
    process_scheduling_set(CALLER());
    return 0;
}

EXPORT int pthread_getschedparam(pthread_t handle, int *policy, struct sched_param *param) {
    thread_find(handle, SAY_ASKS_PRIORITY, CALLER());
    process_scheduling_asked(CALLER());
    *policy = SCHED_OTHER;
    *param = (struct sched_param){0};
    return 0;
}

EXPORT int pthread_setschedprio(pthread_t handle, int priority) {
    (void)priority;
    thread_find(handle, SAY_SCHEDULES, CALLER());
    process_scheduling_set(CALLER());
    return 0;
}

EXPORT int pthread_setconcurrency(int level) {
    (void)level;
    process_scheduling_set(CALLER());
    return 0;
}

EXPORT int pthread_getconcurrency(void) {
    process_scheduling_asked(CALLER());
    return 0;
}

EXPORT int pthread_getcpuclockid(pthread_t handle, clockid_t *clock) {
    thread_find(handle, SAY_ASKS_CLOCK, CALLER());
    *clock = CLOCK_THREAD_CPUTIME_ID;
    return 0;
}
