/* SPDX-License-Identifier: MIT */
/*
 * Time is virtual. Each thread has a clock of its own, which its sleeps and its looks at the clock
 * move on, and which never lags behind what it depends on (flow.h). So time passes without waiting, a
 * sleep orders nothing, and the same schedule shows the same times.
 *
 * A clock shows the earliest time that it can be. A thread may be late by any amount before any
 * operation, but only a look at the clock can tell: there the search chooses whether it is late, by an
 * hour, which is beyond the deadlines that programs set. So that executions stay finite each thread is
 * late only so often, and only at its first looks. (A wait's time-out is chosen of itself: limit.c.)
 *
 * A sleep is a yield, and a cancellation point. A look at the clock takes a microsecond; it is
 * progress, or a loop that polls until a deadline would seem to wait for ever.
 *
 * All time is the processor's, spent in the program: so says clock(), and so say getrusage and times. There are no
 * children, and nothing else that the kernel counts.
 */
#include "explore/runtime/base.h"

#include <errno.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "explore/runtime/bounds.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/flow.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/step.h"
#include "explore/runtime/world/cancel.h"
#include "explore/runtime/world/clock.h"
#include "explore/runtime/world/sync.h"

enum { NANOSECONDS = 1000000000, MICROSECOND = 1000, LOOK = 1000 };
#define LATE (UINT64_C(3600) * NANOSECONDS)

uint64_t clock_start(clockid_t clock) {
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        return UINT64_C(1700000000) * NANOSECONDS;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        return UINT64_C(1000) * NANOSECONDS;
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        return 0;
    default:
        return UINT64_MAX;
    }
}

static bool duration_valid(const struct timespec *time) {
    return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < NANOSECONDS;
}

static uint64_t nanoseconds(const struct timespec *time) {
    uint64_t seconds;
    if (__builtin_mul_overflow((uint64_t)time->tv_sec, NANOSECONDS, &seconds))
        seconds = UINT64_MAX / 4;
    return seconds + (uint64_t)time->tv_nsec;
}

/* Is the thread late when it looks? A look takes no time of the processor, however late it is. */
static bool is_late(clockid_t clock, uintptr_t pc) {
    if (!exploring || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID ||
        !bounds_may(BOUND_LATE) || !bounds_may(BOUND_LOOKS))
        return false;
    const struct op op = {.kind = OP_LOOK};
    step(&op, NULL, pc);
    bounds_use(BOUND_LOOKS);
    return bounds_choose(BOUND_LATE, CHOICE_LATE);
}

static void pass(uint64_t duration) {
    uint64_t end;
    if (__builtin_add_overflow(flow_now(), duration, &end))
        end = UINT64_MAX / 2;
    flow_to(end);
}

static uint64_t look(clockid_t clock, uintptr_t pc) {
    if (self == NULL)
        return clock_start(clock);
    pass(is_late(clock, pc) ? LATE : LOOK);
    self->writes++;
    fiber_look();
    return clock_start(clock) + self->clock;
}

static void sleep_for(uint64_t duration, uintptr_t pc) {
    cancel_pass(OP_YIELD, pc);
    pass(duration);
}

static void yield(uintptr_t pc) {
    const struct op op = {.kind = OP_YIELD};
    step(&op, NULL, pc);
}

/* --- sleeping --- */

static int sleep_checked(const struct timespec *time, uintptr_t pc) {
    sync_touch(time, sizeof *time, false, pc);
    if (!duration_valid(time))
        return EINVAL;
    sleep_for(nanoseconds(time), pc);
    return 0;
}

static int sleep_until(clockid_t clock, const struct timespec *time, uintptr_t pc) {
    sync_touch(time, sizeof *time, false, pc);
    if (!duration_valid(time))
        return EINVAL;
    uint64_t now = clock_start(clock) + flow_now(), end = nanoseconds(time);
    sleep_for(end > now ? end - now : 0, pc);
    return 0;
}

int clock_sched_yield(void);
int clock_sched_yield(void) {
    yield(hook_caller);
    return 0;
}

void clock_thrd_yield(void);
void clock_thrd_yield(void) {
    yield(hook_caller);
}

EXPORT unsigned sleep(unsigned seconds) {
    sleep_for((uint64_t)seconds * NANOSECONDS, hook_caller);
    return 0;
}

int clock_usleep(useconds_t microseconds);
int clock_usleep(useconds_t microseconds) {
    sleep_for((uint64_t)microseconds * MICROSECOND, hook_caller);
    return 0;
}

EXPORT int nanosleep(const struct timespec *time, struct timespec *left) {
    (void)left; /* nothing interrupts it */
    int error = sleep_checked(time, hook_caller);
    if (error == 0)
        return 0;
    errno = error;
    return -1;
}

EXPORT int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
                           struct timespec *left) {
    uintptr_t pc = hook_caller;
    (void)left;
    if (clock_start(clock) == UINT64_MAX || clock == CLOCK_THREAD_CPUTIME_ID)
        return EINVAL;
    return (flags & TIMER_ABSTIME) != 0 ? sleep_until(clock, time, pc) : sleep_checked(time, pc);
}

EXPORT int thrd_sleep(const struct timespec *time, struct timespec *left) {
    (void)left;
    return sleep_checked(time, hook_caller) == 0 ? 0 : -2;
}

/* --- looking at the clock --- */

static int show(clockid_t clock, struct timespec *time, uintptr_t pc) {
    uint64_t now = look(clock, pc);
    sync_touch(time, sizeof *time, true, pc);
    *time = (struct timespec){.tv_sec = (time_t)(now / NANOSECONDS),
                              .tv_nsec = (long)(now % NANOSECONDS)};
    return 0;
}

EXPORT int clock_gettime(clockid_t clock, struct timespec *time) {
    if (clock_start(clock) != UINT64_MAX)
        return show(clock, time, CALLER());
    errno = EINVAL;
    return -1;
}

EXPORT int clock_getres(clockid_t clock, struct timespec *resolution) {
    if (clock_start(clock) == UINT64_MAX) {
        errno = EINVAL;
        return -1;
    }
    if (resolution != NULL) {
        sync_touch(resolution, sizeof *resolution, true, CALLER());
        *resolution = (struct timespec){.tv_nsec = 1};
    }
    return 0;
}

EXPORT int timespec_get(struct timespec *time, int base) {
    if (base != TIME_UTC)
        return 0;
    show(CLOCK_REALTIME, time, CALLER());
    return base;
}

/* C23 */
EXPORT int timespec_getres(struct timespec *resolution, int base);
EXPORT int timespec_getres(struct timespec *resolution, int base) {
    if (base != TIME_UTC)
        return 0;
    clock_getres(CLOCK_REALTIME, resolution);
    return base;
}

EXPORT time_t time(time_t *result) {
    time_t now = (time_t)(look(CLOCK_REALTIME, CALLER()) / NANOSECONDS);
    if (result != NULL) {
        sync_touch(result, sizeof *result, true, CALLER());
        *result = now;
    }
    return now;
}

static struct timeval to_microseconds(uint64_t time) {
    return (struct timeval){.tv_sec = (time_t)(time / NANOSECONDS),
                            .tv_usec = (suseconds_t)(time % NANOSECONDS / MICROSECOND)};
}

EXPORT int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    uint64_t now = look(CLOCK_REALTIME, CALLER());
    (void)zone; /* obsolete: left as it is, as by libc when it knows of none */
    sync_touch(time, sizeof *time, true, CALLER());
    *time = to_microseconds(now);
    return 0;
}

EXPORT clock_t clock(void) {
    return (clock_t)(look(CLOCK_PROCESS_CPUTIME_ID, CALLER()) / MICROSECOND);
}

EXPORT int getrusage(__rusage_who_t who, struct rusage *usage) {
    uintptr_t pc = CALLER();
    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD) {
        errno = EINVAL;
        return -1;
    }
    uint64_t spent = who == RUSAGE_CHILDREN ? 0 : look(CLOCK_PROCESS_CPUTIME_ID, pc);
    sync_touch(usage, sizeof *usage, true, pc);
    *usage = (struct rusage){.ru_utime = to_microseconds(spent)};
    return 0;
}

EXPORT clock_t times(struct tms *times) {
    enum { TICK = NANOSECONDS / 100 }; /* sysconf(_SC_CLK_TCK) */
    uintptr_t pc = CALLER();
    uint64_t spent = look(CLOCK_PROCESS_CPUTIME_ID, pc), now = look(CLOCK_MONOTONIC, pc);
    if (times != NULL) {
        sync_touch(times, sizeof *times, true, pc);
        *times = (struct tms){.tms_utime = (clock_t)(spent / TICK)};
    }
    return (clock_t)(now / TICK);
}
