/* SPDX-License-Identifier: MIT */
#include "inject/family/waits.h"

#include <linux/futex.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/memory.h"
#include "inject/process/call_table.h"

static const char *descriptor_word(const struct task *task) {
    char path[64], target[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)task->pid, (int)cpu_argument(&task->cpu, 0));
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = '\0';
    if (strncmp(target, "pipe:", 5) == 0)
        return "a pipe";
    return strncmp(target, "socket:", 7) == 0 ? "a socket" : "a descriptor";
}

static const char *waits(struct family *family, const struct task *task, int depth);

/* For which child? Its reason, if it lives. */
static const char *waits_for_child(struct family *family, const struct task *task, const char *name,
                                   int depth) {
    for (size_t i = 1; i < family->task_count && depth < 4; i++) {
        const struct task *child = family->tasks[i];
        if (child->parent == task->id && child->state != TASK_ENDED)
            return talloc_asprintf(family, "%s: the child itself %s", name,
                                   waits(family, child, depth + 1));
    }
    return talloc_asprintf(family, "%s: no child is left that could end", name);
}

static const char *waits(struct family *family, const struct task *task, int depth) {
    long call = cpu_call(&task->cpu);
    const char *name = call_name(call);
    if (task->halted)
        return "was stopped and nobody continues it";
    switch (call) {
    case SYS_futex:
        return "waits for a lock that nobody will release (futex)";
    case SYS_pause:
    case SYS_rt_sigsuspend:
    case SYS_rt_sigtimedwait:
        return talloc_asprintf(family, "sleeps for ever in %s: no signal is pending or to come",
                               name);
    case SYS_read:
    case SYS_readv:
        return talloc_asprintf(family, "reads from %s that nobody else will write to",
                               descriptor_word(task));
    case SYS_write:
    case SYS_writev:
        return talloc_asprintf(family, "writes to %s that is full and that nobody else will read",
                               descriptor_word(task));
    case SYS_wait4:
    case SYS_waitid:
        return waits_for_child(family, task, name, depth);
    default:
        break;
    }
    if (name != NULL)
        return talloc_asprintf(family, "sleeps for ever in %s", name);
    return talloc_asprintf(family, "sleeps for ever in system call %ld", call);
}

const char *waits_of_first(struct family *family) {
    return waits(family, family->tasks[0], 0);
}
