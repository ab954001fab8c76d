/* SPDX-License-Identifier: MIT */
/*
 * System calls that the kernel must not, or not quite, do as it is asked: process ids are
 * translated, ITIMER_REAL and sleeps are kept on the family's clock, signals to others are held
 * back. What cannot be led so that every run is the same is refused by its name.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>

#include "base/memory.h"
#include "inject/family.h"

#define SECOND 1000000000LL
#define MICROSECOND 1000LL

/* A call at which `task` stands; *asked is what the kernel will be asked. */
struct asking {
    struct family *family;
    struct task *task;
    struct cpu *asked;
};

static uint64_t argument(const struct asking *asking, int index) {
    return cpu_argument(&asking->task->cpu, index);
}

static bool gives(const struct asking *asking, long result) {
    struct task *task = asking->task;
    cpu_skip_call(&task->cpu, result);
    cpu_write(task->pid, &task->cpu);
    task->state = TASK_READY;
    return true;
}

static bool refuses(const struct asking *asking, const char *why) {
    family_stop_because(asking->family, FAMILY_UNSUPPORTED, why);
    return true;
}

/* ---- Process ids --------------------------------------------------------------------- */

static bool gives_own_id(struct asking *asking) {
    return gives(asking, asking->task->id);
}

static bool gives_parent_id(struct asking *asking) {
    return gives(asking, asking->task->parent);
}

/* The argument in place of which the kernel must get its own number. */
static bool translates(struct asking *asking, int index) {
    struct task *member = family_task(asking->family, (int)argument(asking, index));
    if (member != NULL)
        cpu_set_argument(asking->asked, index, (uint64_t)member->pid);
    return false;
}

static bool translates_first(struct asking *asking) {
    return translates(asking, 0);
}

static bool translates_both(struct asking *asking) {
    translates(asking, 0);
    return translates(asking, 1);
}

static bool translates_waitid(struct asking *asking) {
    return argument(asking, 0) == P_PID ? translates(asking, 1) : false;
}

/* ---- Sending signals ----------------------------------------------------------------- */

/* The program's own: never to somebody outside. */
static void send(const struct asking *asking, const struct task *to, int number) {
    struct family *family = asking->family;
    if (number == family->held_number)
        family_hold_signal(family, to->id, asking->task->id, number);
    else if (number != 0)
        kill(to->pid, number);
    family_wake_nappers(family);
}

/* kill(0, ...) and kill(-1, ...): everybody in the family, and only they. The sender itself gets it
 * from the kernel, so that it comes before the call returns. */
static bool sends_to_all(struct asking *asking, int number) {
    struct family *family = asking->family;
    for (size_t i = 0; i < family->task_count; i++)
        if (family->tasks[i] != asking->task && family->tasks[i]->state != TASK_ENDED)
            send(asking, family->tasks[i], number);
    cpu_set_argument(asking->asked, 0, (uint64_t)asking->task->pid);
    return false;
}

static bool sends_kill(struct asking *asking) {
    int to = (int)argument(asking, 0), number = (int)argument(asking, 1);
    if (to <= 0 && number >= 0 && number < NSIG)
        return sends_to_all(asking, number);
    struct task *member = family_task(asking->family, to);
    if (member == NULL)
        return gives(asking, -ESRCH);
    if (member == asking->task || member->state == TASK_ENDED ||
        number != asking->family->held_number)
        return translates(asking, 0);
    send(asking, member, number);
    return gives(asking, 0);
}

static bool sends_tgkill(struct asking *asking) {
    struct task *member = family_task(asking->family, (int)argument(asking, 1));
    if (member == NULL)
        return gives(asking, -ESRCH);
    return translates_both(asking);
}

static bool sends_queued(struct asking *asking) {
    if (family_task(asking->family, (int)argument(asking, 0)) == NULL)
        return gives(asking, -ESRCH);
    return translates(asking, 0);
}

/* ---- Time ---------------------------------------------------------------------------- */

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
    if (argument(asking, 0) != ITIMER_REAL)
        return refuses(asking, "sets a timer that runs on processor time (setitimer)");
    uint64_t address = argument(asking, 1);
    if (address != 0 && !tracee_get(asking->task->pid, address, &value, sizeof value))
        return gives(asking, -EFAULT);
    if (!tells_timer(asking, argument(asking, 2)))
        return gives(asking, -EFAULT);
    if (address == 0)
        set_timer(asking, 0, 0);
    else if (value.it_value.tv_usec < 0 || value.it_value.tv_usec > 999999 ||
             value.it_interval.tv_usec < 0 || value.it_interval.tv_usec > 999999)
        return gives(asking, -EINVAL);
    else
        set_timer(asking, nanoseconds(&value.it_value), nanoseconds(&value.it_interval));
    return gives(asking, 0);
}

static bool takes_getitimer(struct asking *asking) {
    if (argument(asking, 0) != ITIMER_REAL)
        return false;
    return gives(asking, tells_timer(asking, argument(asking, 1)) ? 0 : -EFAULT);
}

static bool takes_alarm(struct asking *asking) {
    struct itimerval before = timer_value(asking->family, asking->task);
    long seconds = before.it_value.tv_sec;
    if (before.it_value.tv_usec >= 500000 || (seconds == 0 && before.it_value.tv_usec > 0))
        seconds++;
    set_timer(asking, (int64_t)(unsigned)argument(asking, 0) * SECOND, 0);
    return gives(asking, seconds);
}

static bool naps(struct asking *asking, int64_t length) {
    if (length <= 0)
        return gives(asking, 0);
    asking->task->state = TASK_NAPPING;
    asking->task->wakes_at = asking->family->clock + length;
    return true;
}

static bool takes_nanosleep(struct asking *asking) {
    struct timespec length;
    if (!tracee_get(asking->task->pid, argument(asking, 0), &length, sizeof length) ||
        length.tv_sec < 0 || length.tv_nsec < 0 || length.tv_nsec >= SECOND)
        return false; /* the kernel says what is wrong */
    return naps(asking, length.tv_sec * SECOND + length.tv_nsec);
}

static bool takes_clock_nanosleep(struct asking *asking) {
    struct timespec length, now = {0};
    clockid_t clock = (clockid_t)argument(asking, 0);
    bool absolute = (argument(asking, 1) & TIMER_ABSTIME) != 0;
    if (!tracee_get(asking->task->pid, argument(asking, 2), &length, sizeof length) ||
        length.tv_sec < 0 || length.tv_nsec < 0 || length.tv_nsec >= SECOND ||
        (absolute && clock_gettime(clock, &now) != 0))
        return false;
    int64_t most = 1LL << 32; /* seconds: no overflow below */
    if (length.tv_sec > most)
        length.tv_sec = most;
    return naps(asking, (length.tv_sec - now.tv_sec) * SECOND + length.tv_nsec - now.tv_nsec);
}

/* ---- New processes ------------------------------------------------------------------- */

static bool makes_process(struct asking *asking, uint64_t flags) {
    if (flags & CLONE_THREAD)
        return refuses(asking, "starts a thread");
    if ((flags & CLONE_VM) && !(flags & CLONE_VFORK))
        return refuses(asking, "shares its memory with a process that it makes (clone)");
    if (flags & CLONE_UNTRACED)
        return refuses(asking, "makes a process that must not be traced (clone)");
    asking->task->vforks = (flags & CLONE_VFORK) != 0;
    return false;
}

static bool makes_clone(struct asking *asking) {
    return makes_process(asking, argument(asking, 0));
}

static bool makes_clone3(struct asking *asking) {
    uint64_t flags = 0;
    tracee_get(asking->task->pid, argument(asking, 0), &flags, sizeof flags);
    return makes_process(asking, flags);
}

static bool makes_vfork(struct asking *asking) {
    return makes_process(asking, CLONE_VM | CLONE_VFORK);
}

/* Where the kernel writes the new process's number into its own memory; 0: nowhere. */
static uint64_t child_id_address(const struct task *parent) {
    uint64_t words[3] = {0}; /* of struct clone_args: flags, pidfd, child_tid */
    switch (cpu_call(&parent->cpu)) {
    case SYS_clone:
        return (cpu_argument(&parent->cpu, 0) & CLONE_CHILD_SETTID) ? cpu_argument(&parent->cpu, 3)
                                                                    : 0;
    case SYS_clone3:
        tracee_get(parent->pid, cpu_argument(&parent->cpu, 0), words, sizeof words);
        return (words[0] & CLONE_CHILD_SETTID) ? words[2] : 0;
    default:
        return 0;
    }
}

/* ---- What is refused ----------------------------------------------------------------- */

static bool refuses_timer(struct asking *asking) {
    return refuses(asking, "makes a POSIX timer (timer_create)");
}

static bool refuses_timerfd(struct asking *asking) {
    return refuses(asking, "makes a timer descriptor (timerfd_create)");
}

static bool refuses_ptrace(struct asking *asking) {
    return refuses(asking, "uses ptrace");
}

static bool refuses_ring(struct asking *asking) {
    return refuses(asking, "uses asynchronous input and output (io_uring)");
}

/* ---- The table ----------------------------------------------------------------------- */

enum which { ALWAYS, WITH_OUR_IDS };

static const struct {
    long call;
    bool (*takes)(struct asking *asking);
    enum which which;
} takers[] = {
    {SYS_getpid, gives_own_id, WITH_OUR_IDS},
    {SYS_gettid, gives_own_id, WITH_OUR_IDS},
    {SYS_getppid, gives_parent_id, WITH_OUR_IDS},
    {SYS_wait4, translates_first, WITH_OUR_IDS},
    {SYS_waitid, translates_waitid, WITH_OUR_IDS},
    {SYS_setpgid, translates_both, WITH_OUR_IDS},
    {SYS_getpgid, translates_first, WITH_OUR_IDS},
    {SYS_getsid, translates_first, WITH_OUR_IDS},
    {SYS_pidfd_open, translates_first, WITH_OUR_IDS},
    {SYS_prlimit64, translates_first, WITH_OUR_IDS},
    {SYS_kill, sends_kill, ALWAYS},
    {SYS_tkill, sends_queued, ALWAYS},
    {SYS_tgkill, sends_tgkill, ALWAYS},
    {SYS_rt_sigqueueinfo, sends_queued, ALWAYS},
    {SYS_rt_tgsigqueueinfo, sends_tgkill, ALWAYS},
    {SYS_setitimer, takes_setitimer, ALWAYS},
    {SYS_getitimer, takes_getitimer, ALWAYS},
    {SYS_alarm, takes_alarm, ALWAYS},
    {SYS_nanosleep, takes_nanosleep, ALWAYS},
    {SYS_clock_nanosleep, takes_clock_nanosleep, ALWAYS},
    {SYS_clone, makes_clone, ALWAYS},
    {SYS_clone3, makes_clone3, ALWAYS},
    {SYS_vfork, makes_vfork, ALWAYS},
    {SYS_timer_create, refuses_timer, ALWAYS},
    {SYS_timerfd_create, refuses_timerfd, ALWAYS},
    {SYS_ptrace, refuses_ptrace, ALWAYS},
    {SYS_io_uring_setup, refuses_ring, ALWAYS},
};

bool family_takes_call(struct family *family, struct task *task, struct cpu *asked) {
    struct asking asking = {family, task, asked};
    long call = cpu_call(&task->cpu);
    for (size_t i = 0; i < sizeof takers / sizeof *takers; i++)
        if (takers[i].call == call && (takers[i].which == ALWAYS || !family->real_ids))
            return takers[i].takes(&asking);
    return false;
}

/* ---- Afterwards ---------------------------------------------------------------------- */

/* A number of the kernel's that the call gave, as the program knows it. */
static void translate_result(struct family *family, struct task *task) {
    long result = cpu_result(&task->cpu);
    struct task *member = result <= 0 ? NULL : family_task_of(family, (pid_t)result);
    if (member != NULL)
        cpu_set_result(&task->cpu, member->id);
    else if (result == family->session)
        cpu_set_result(&task->cpu, FAMILY_FIRST_PID);
}

static void translate_siginfo(struct family *family, const struct task *task) {
    siginfo_t info;
    uint64_t address = cpu_argument(&task->cpu, 2);
    if (address == 0 || cpu_result(&task->cpu) != 0 ||
        !tracee_get(task->pid, address, &info, sizeof info))
        return;
    struct task *member = family_task_of(family, info.si_pid);
    if (member == NULL)
        return;
    info.si_pid = member->id;
    tracee_put(task->pid, address, &info, sizeof info);
}

static void name_child(struct family *family, const struct task *parent, long call) {
    struct task before = *parent, *child = family_task_of(family, (pid_t)cpu_result(&parent->cpu));
    cpu_set_result(&before.cpu, call); /* as it was asked */
    uint64_t address = child_id_address(&before);
    if (child != NULL && address != 0)
        tracee_put(child->pid, address, &child->id, sizeof child->id);
}

void family_finish_call(struct family *family, struct task *task, long call) {
    if (family->real_ids)
        return;
    switch (call) {
    case SYS_clone:
    case SYS_clone3:
        if (cpu_result(&task->cpu) > 0)
            name_child(family, task, call);
        translate_result(family, task);
        break;
    case SYS_fork:
    case SYS_vfork:
    case SYS_wait4:
    case SYS_set_tid_address:
    case SYS_getpgrp:
    case SYS_getpgid:
    case SYS_getsid:
    case SYS_setsid:
        translate_result(family, task);
        break;
    case SYS_waitid:
        translate_siginfo(family, task);
        break;
    default:
        break;
    }
}
