/* SPDX-License-Identifier: MIT */
#include "inject/family/virtual_clock.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>

#define SECOND 1000000000LL
#define MICROSECOND 1000LL
#define CALENDAR_SECONDS 946684800LL /* 2000-01-01 00:00 UTC */
#define UPTIME_SECONDS 1000LL
#define TICKS 100LL /* a second, of times(2) */

/* ---- Clocks ----------------------------------------------------------------------------- */

static bool knows_clock(clockid_t clock) {
    return clock >= 0 && clock <= CLOCK_TAI;
}

/* The time that was slept through, and a moment for each look at the clock: a process that waits
 * for a time without sleeping comes to it, too. */
static struct timespec now_by(const struct family *family, clockid_t clock) {
    bool calendar = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
                    clock == CLOCK_REALTIME_ALARM || clock == CLOCK_TAI;
    int64_t seconds = calendar ? CALENDAR_SECONDS : UPTIME_SECONDS;
    if (clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID)
        seconds = 0;
    return (struct timespec){seconds + family->clock / SECOND, family->clock % SECOND};
}

static struct timespec look_at_clock(const struct asking *asking, clockid_t clock) {
    asking->family->clock += MICROSECOND;
    return now_by(asking->family, clock);
}

static bool takes_clock_gettime(struct asking *asking) {
    clockid_t clock = (clockid_t)asking_argument(asking, 0);
    if (!knows_clock(clock))
        return false;
    struct timespec now = look_at_clock(asking, clock);
    bool told = tracee_put(asking->task->pid, asking_argument(asking, 1), &now, sizeof now);
    return asking_gives(asking, told ? 0 : -EFAULT);
}

static bool takes_gettimeofday(struct asking *asking) {
    uint64_t address = asking_argument(asking, 0);
    struct timespec now = look_at_clock(asking, CLOCK_REALTIME);
    struct timeval value = {now.tv_sec, now.tv_nsec / MICROSECOND};
    bool told = address == 0 || tracee_put(asking->task->pid, address, &value, sizeof value);
    return asking_gives(asking, told ? 0 : -EFAULT);
}

static bool takes_time(struct asking *asking) {
    uint64_t address = asking_argument(asking, 0);
    time_t now = look_at_clock(asking, CLOCK_REALTIME).tv_sec;
    bool told = address == 0 || tracee_put(asking->task->pid, address, &now, sizeof now);
    return asking_gives(asking, told ? (long)now : -EFAULT);
}

static bool takes_times(struct asking *asking) {
    uint64_t address = asking_argument(asking, 0);
    struct timespec used = look_at_clock(asking, CLOCK_PROCESS_CPUTIME_ID);
    clock_t ticks = used.tv_sec * TICKS + used.tv_nsec * TICKS / SECOND;
    struct tms times = {.tms_utime = ticks};
    bool told = address == 0 || tracee_put(asking->task->pid, address, &times, sizeof times);
    return asking_gives(asking, told ? UPTIME_SECONDS * TICKS + ticks : -EFAULT);
}

static bool takes_getrusage(struct asking *asking) {
    struct timespec used = look_at_clock(asking, CLOCK_PROCESS_CPUTIME_ID);
    struct rusage usage = {.ru_utime = {used.tv_sec, used.tv_nsec / MICROSECOND}};
    bool told = tracee_put(asking->task->pid, asking_argument(asking, 1), &usage, sizeof usage);
    return asking_gives(asking, told ? 0 : -EFAULT);
}

int64_t virtual_clock_until(const struct family *family, clockid_t clock,
                            const struct timespec *time) {
    struct timespec now = now_by(family, clock);
    return (time->tv_sec - now.tv_sec) * SECOND + time->tv_nsec - now.tv_nsec;
}

/* ---- Timers ----------------------------------------------------------------------------- */

static int64_t nanoseconds(const struct timeval *time) {
    return time->tv_sec * SECOND + time->tv_usec * MICROSECOND;
}

static struct itimerval timer_value(const struct family *family, const struct task *task) {
    int64_t left = task->timer_at < 0 ? 0 : task->timer_at - family->clock;
    if (task->timer_at >= 0 && left < MICROSECOND)
        left = MICROSECOND; /* 0 would say that it is not set */
    return (struct itimerval){
        .it_interval = {task->timer_interval / SECOND, task->timer_interval % SECOND / MICROSECOND},
        .it_value = {left / SECOND, left % SECOND / MICROSECOND}};
}

static void set_timer(const struct asking *asking, int64_t value, int64_t interval) {
    struct task *task = asking->task;
    task->timer_at = value > 0 ? asking->family->clock + value : -1;
    task->timer_interval = interval;
}

static bool tells_timer(const struct asking *asking, uint64_t address) {
    struct itimerval value = timer_value(asking->family, asking->task);
    return address == 0 || tracee_put(asking->task->pid, address, &value, sizeof value);
}

static bool takes_setitimer(struct asking *asking) {
    struct itimerval value;
    if (asking_argument(asking, 0) != ITIMER_REAL)
        return asking_refuses(asking, "sets a timer that runs on processor time (setitimer)");
    uint64_t address = asking_argument(asking, 1);
    if (address != 0 && !tracee_get(asking->task->pid, address, &value, sizeof value))
        return asking_gives(asking, -EFAULT);
    if (!tells_timer(asking, asking_argument(asking, 2)))
        return asking_gives(asking, -EFAULT);
    if (address == 0)
        set_timer(asking, 0, 0);
    else if (value.it_value.tv_usec < 0 || value.it_value.tv_usec > 999999 ||
             value.it_interval.tv_usec < 0 || value.it_interval.tv_usec > 999999)
        return asking_gives(asking, -EINVAL);
    else
        set_timer(asking, nanoseconds(&value.it_value), nanoseconds(&value.it_interval));
    return asking_gives(asking, 0);
}

static bool takes_getitimer(struct asking *asking) {
    if (asking_argument(asking, 0) != ITIMER_REAL)
        return false;
    return asking_gives(asking, tells_timer(asking, asking_argument(asking, 1)) ? 0 : -EFAULT);
}

static bool takes_alarm(struct asking *asking) {
    struct itimerval before = timer_value(asking->family, asking->task);
    long seconds = before.it_value.tv_sec;
    if (before.it_value.tv_usec >= 500000 || (seconds == 0 && before.it_value.tv_usec > 0))
        seconds++;
    set_timer(asking, (int64_t)(unsigned)asking_argument(asking, 0) * SECOND, 0);
    return asking_gives(asking, seconds);
}

/* ---- When the time has come -------------------------------------------------------------- */

void virtual_clock_expire(struct family *family, struct task *task) {
    if (task->timer_at > family->clock)
        family->clock = task->timer_at;
    task->timer_at = task->timer_interval > 0 ? family->clock + task->timer_interval : -1;
    kill(task->pid, SIGALRM);
    family_wake_nappers(family);
}

bool virtual_clock_expire_early(struct family *family) {
    struct task *task = family->tasks[0];
    if (task->timer_at < 0)
        return false;
    task->timer_at = family->clock; /* the time of the others has not come */
    virtual_clock_expire(family, task);
    return true;
}

/* ---- Sleeps ----------------------------------------------------------------------------- */

static bool naps(struct asking *asking, int64_t length) {
    if (length <= 0)
        return asking_gives(asking, 0);
    asking->task->state = TASK_NAPPING;
    asking->task->wakes_at = asking->family->clock + length;
    return true;
}

static bool takes_nanosleep(struct asking *asking) {
    struct timespec length;
    if (!tracee_get(asking->task->pid, asking_argument(asking, 0), &length, sizeof length) ||
        length.tv_sec < 0 || length.tv_nsec < 0 || length.tv_nsec >= SECOND)
        return false; /* the kernel says what is wrong */
    return naps(asking, length.tv_sec * SECOND + length.tv_nsec);
}

static bool takes_clock_nanosleep(struct asking *asking) {
    struct timespec length, now = {0};
    clockid_t clock = (clockid_t)asking_argument(asking, 0);
    bool absolute = (asking_argument(asking, 1) & TIMER_ABSTIME) != 0;
    if (!tracee_get(asking->task->pid, asking_argument(asking, 2), &length, sizeof length) ||
        length.tv_sec < 0 || length.tv_nsec < 0 || length.tv_nsec >= SECOND ||
        (absolute && !knows_clock(clock)))
        return false;
    if (absolute)
        now = now_by(asking->family, clock);
    int64_t most = 1LL << 32; /* seconds: no overflow below */
    if (length.tv_sec > most)
        length.tv_sec = most;
    return naps(asking, (length.tv_sec - now.tv_sec) * SECOND + length.tv_nsec - now.tv_nsec);
}

const struct asking_taker virtual_clock_takers[] = {
    {SYS_times, takes_times},
    {SYS_getrusage, takes_getrusage},
    {SYS_setitimer, takes_setitimer},
    {SYS_getitimer, takes_getitimer},
    {SYS_alarm, takes_alarm},
    {SYS_nanosleep, takes_nanosleep},
    {SYS_clock_nanosleep, takes_clock_nanosleep},
    {SYS_clock_gettime, takes_clock_gettime},
    {SYS_gettimeofday, takes_gettimeofday},
    {SYS_time, takes_time},
    {0, NULL},
};
