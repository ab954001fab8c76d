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
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/family/asking.h"

#define LUCKY_BYTES 256

/* ---- Process ids --------------------------------------------------------------------- */

static bool gives_own_id(struct asking *asking) {
    return asking_gives(asking, asking->task->id);
}

static bool gives_parent_id(struct asking *asking) {
    return asking_gives(asking, asking->task->parent);
}

/* The argument in place of which the kernel must get its own number. */
static bool translates(struct asking *asking, int index) {
    struct task *member = family_task(asking->family, (int)asking_argument(asking, index));
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

static bool translates_priority(struct asking *asking) {
    return asking_argument(asking, 0) == PRIO_PROCESS ? translates(asking, 1) : false;
}

static bool translates_waitid(struct asking *asking) {
    return asking_argument(asking, 0) == P_PID ? translates(asking, 1) : false;
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
    int to = (int)asking_argument(asking, 0), number = (int)asking_argument(asking, 1);
    if (to < -1)
        return asking_refuses(asking, "sends a signal to a process group (kill)");
    if (to <= 0 && number >= 0 && number < NSIG)
        return sends_to_all(asking, number);
    struct task *member = family_task(asking->family, to);
    if (member == NULL)
        return asking_gives(asking, -ESRCH);
    if (member == asking->task || member->state == TASK_ENDED ||
        number != asking->family->held_number)
        return translates(asking, 0);
    send(asking, member, number);
    return asking_gives(asking, 0);
}

static bool sends_tgkill(struct asking *asking) {
    struct task *member = family_task(asking->family, (int)asking_argument(asking, 1));
    if (member == NULL)
        return asking_gives(asking, -ESRCH);
    return translates_both(asking);
}

static bool sends_queued(struct asking *asking) {
    if (family_task(asking->family, (int)asking_argument(asking, 0)) == NULL)
        return asking_gives(asking, -ESRCH);
    return translates(asking, 0);
}

/* ---- New processes ------------------------------------------------------------------- */

static bool makes_process(struct asking *asking, uint64_t flags) {
    if (flags & CLONE_THREAD)
        return asking_refuses(asking, "starts a thread");
    if ((flags & CLONE_VM) && !(flags & CLONE_VFORK))
        return asking_refuses(asking, "shares its memory with a process that it makes (clone)");
    if (flags & CLONE_UNTRACED)
        return asking_refuses(asking, "makes a process that must not be traced (clone)");
    asking->task->vforks = (flags & CLONE_VFORK) != 0;
    return false;
}

static bool makes_clone(struct asking *asking) {
    return makes_process(asking, asking_argument(asking, 0));
}

static bool makes_clone3(struct asking *asking) {
    uint64_t flags = 0;
    tracee_get(asking->task->pid, asking_argument(asking, 0), &flags, sizeof flags);
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

/* ---- Chance ---------------------------------------------------------------------------- */

/* Numbers that look like chance and are the same in every run (splitmix64, Steele, Lea and Flood,
 * OOPSLA 2014). */
static uint64_t next_number(struct family *family) {
    uint64_t z = family->luck += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static bool takes_getrandom(struct asking *asking) {
    uint64_t address = asking_argument(asking, 0), left = asking_argument(asking, 1);
    if (left > LUCKY_BYTES)
        left = LUCKY_BYTES; /* a short answer: the caller asks again */
    uint64_t length = left;
    while (left > 0) {
        uint64_t number = next_number(asking->family), part = left < 8 ? left : 8;
        if (!tracee_put(asking->task->pid, address, &number, part))
            return asking_gives(asking, -EFAULT);
        address += part;
        left -= part;
    }
    return asking_gives(asking, (long)length);
}

/* ---- What is refused ----------------------------------------------------------------- */

static bool refuses_timer(struct asking *asking) {
    return asking_refuses(asking, "makes a POSIX timer (timer_create)");
}

static bool refuses_timerfd(struct asking *asking) {
    return asking_refuses(asking, "makes a timer descriptor (timerfd_create)");
}

static bool refuses_ptrace(struct asking *asking) {
    return asking_refuses(asking, "uses ptrace");
}

static bool refuses_ring(struct asking *asking) {
    return asking_refuses(asking, "uses asynchronous input and output (io_uring)");
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
    {SYS_sched_getaffinity, translates_first, WITH_OUR_IDS},
    {SYS_sched_setaffinity, translates_first, WITH_OUR_IDS},
    {SYS_sched_getscheduler, translates_first, WITH_OUR_IDS},
    {SYS_sched_getparam, translates_first, WITH_OUR_IDS},
    {SYS_getpriority, translates_priority, WITH_OUR_IDS},
    {SYS_setpriority, translates_priority, WITH_OUR_IDS},
    {SYS_times, asking_takes_times, ALWAYS},
    {SYS_getrusage, asking_takes_getrusage, ALWAYS},
    {SYS_fcntl, asking_takes_fcntl, ALWAYS},
    {SYS_ioctl, asking_takes_ioctl, ALWAYS},
    {SYS_setsockopt, asking_takes_setsockopt, ALWAYS},
    {SYS_prctl, asking_takes_prctl, ALWAYS},
    {SYS_madvise, asking_takes_madvise, ALWAYS},
    {SYS_kill, sends_kill, ALWAYS},
    {SYS_tkill, sends_queued, ALWAYS},
    {SYS_tgkill, sends_tgkill, ALWAYS},
    {SYS_rt_sigqueueinfo, sends_queued, ALWAYS},
    {SYS_rt_tgsigqueueinfo, sends_tgkill, ALWAYS},
    {SYS_setitimer, asking_takes_setitimer, ALWAYS},
    {SYS_getitimer, asking_takes_getitimer, ALWAYS},
    {SYS_alarm, asking_takes_alarm, ALWAYS},
    {SYS_nanosleep, asking_takes_nanosleep, ALWAYS},
    {SYS_clock_nanosleep, asking_takes_clock_nanosleep, ALWAYS},
    {SYS_clock_gettime, asking_takes_clock_gettime, ALWAYS},
    {SYS_gettimeofday, asking_takes_gettimeofday, ALWAYS},
    {SYS_time, asking_takes_time, ALWAYS},
    {SYS_getrandom, takes_getrandom, ALWAYS},
    {SYS_open, asking_takes_open, ALWAYS},
    {SYS_openat, asking_takes_openat, ALWAYS},
    {SYS_bind, asking_takes_bind, ALWAYS},
    {SYS_connect, asking_takes_connect, ALWAYS},
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
    return asking_refuses_change(&asking);
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

static void translate_siginfo(struct family *family, const struct task *task, int index) {
    siginfo_t info;
    uint64_t address = cpu_argument(&task->cpu, index);
    if (address == 0 || cpu_result(&task->cpu) < 0 ||
        !tracee_get(task->pid, address, &info, sizeof info))
        return;
    struct task *member = family_task_of(family, info.si_pid);
    if (member == NULL)
        return;
    info.si_pid = member->id;
    tracee_put(task->pid, address, &info, sizeof info);
}

/* What was read from a signalfd: records of 128 bytes. */
static void translate_signalfd(struct family *family, const struct task *task) {
    char path[64], target[64] = "";
    long length = cpu_result(&task->cpu);
    struct signalfd_siginfo info;
    if (length <= 0 || length % (long)sizeof info != 0)
        return;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)task->pid, (int)cpu_argument(&task->cpu, 0));
    if (readlink(path, target, sizeof target - 1) <= 0 ||
        strcmp(target, "anon_inode:[signalfd]") != 0)
        return;
    for (long at = 0; at < length; at += (long)sizeof info) {
        uint64_t address = cpu_argument(&task->cpu, 1) + (uint64_t)at;
        struct task *member = !tracee_get(task->pid, address, &info, sizeof info)
                                  ? NULL
                                  : family_task_of(family, (pid_t)info.ssi_pid);
        if (member == NULL)
            continue;
        info.ssi_pid = (uint32_t)member->id;
        tracee_put(task->pid, address, &info, sizeof info);
    }
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
        translate_siginfo(family, task, 2);
        break;
    case SYS_rt_sigtimedwait:
        translate_siginfo(family, task, 1);
        break;
    case SYS_read:
        translate_signalfd(family, task);
        break;
    default:
        break;
    }
}
