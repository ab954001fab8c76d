/* SPDX-License-Identifier: MIT */
#include "inject/family/process_ids.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Before the call ------------------------------------------------------------------- */

static bool gives_own_id(struct asking *asking) {
    return asking_gives(asking, asking->task->id);
}

static bool gives_parent_id(struct asking *asking) {
    return asking_gives(asking, asking->task->parent);
}

bool process_ids_translate(struct asking *asking, int index) {
    struct task *member = family_task(asking->family, (int)asking_argument(asking, index));
    if (member != NULL)
        cpu_set_argument(asking->asked, index, (uint64_t)member->pid);
    return false;
}

static bool translates_first(struct asking *asking) {
    return process_ids_translate(asking, 0);
}

/* The first process leads a session, and a copy of it does not; neither can leave its group. */
static bool sets_group(struct asking *asking) {
    struct family *family = asking->family;
    struct task *member = family_task(family, (int)asking_argument(asking, 0));
    if (asking_argument(asking, 0) == 0)
        member = asking->task;
    if (member == family->tasks[0])
        return asking_gives(asking, -EPERM);
    process_ids_translate(asking, 0);
    if ((int)asking_argument(asking, 1) == family->tasks[0]->id)
        cpu_set_argument(asking->asked, 1, (uint64_t)family->session);
    else
        process_ids_translate(asking, 1);
    return false;
}

static bool translates_priority(struct asking *asking) {
    return asking_argument(asking, 0) == PRIO_PROCESS ? process_ids_translate(asking, 1) : false;
}

static bool translates_waitid(struct asking *asking) {
    return asking_argument(asking, 0) == P_PID ? process_ids_translate(asking, 1) : false;
}

const struct asking_taker process_ids_takers[] = {
    {SYS_getpid, gives_own_id},
    {SYS_gettid, gives_own_id},
    {SYS_getppid, gives_parent_id},
    {SYS_wait4, translates_first},
    {SYS_waitid, translates_waitid},
    {SYS_setpgid, sets_group},
    {SYS_getpgid, translates_first},
    {SYS_getsid, translates_first},
    {SYS_pidfd_open, translates_first},
    {SYS_prlimit64, translates_first},
    {SYS_sched_getaffinity, translates_first},
    {SYS_sched_setaffinity, translates_first},
    {SYS_sched_getscheduler, translates_first},
    {SYS_sched_getparam, translates_first},
    {SYS_getpriority, translates_priority},
    {SYS_setpriority, translates_priority},
    {0, NULL},
};

/* ---- Afterwards ---------------------------------------------------------------------- */

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

void process_ids_finish_call(struct family *family, struct task *task, long call) {
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

/* ---- Signals --------------------------------------------------------------------------- */

void process_ids_name_sender(struct family *family, const struct task *task) {
    siginfo_t info;
    if (family->real_ids || ptrace(PTRACE_GETSIGINFO, task->pid, NULL, &info) != 0)
        return;
    bool sent = info.si_code == SI_USER || info.si_code == SI_TKILL || info.si_code == SI_QUEUE ||
                info.si_signo == SIGCHLD;
    struct task *sender = sent ? family_task_of(family, info.si_pid) : NULL;
    if (sender == NULL)
        return;
    info.si_pid = sender->id;
    ptrace(PTRACE_SETSIGINFO, task->pid, NULL, &info);
}
