/* SPDX-License-Identifier: MIT */
#include "inject/family/task.h"

#include <signal.h>

#include "base/memory.h"
#include "inject/process/tracee.h"

struct task *task_new(void *owner, pid_t pid, int id, int parent) {
    struct task *task = never_null(talloc_zero(owner, struct task));
    *task =
        (struct task){.pid = pid, .id = id, .parent = parent, .state = TASK_READY, .timer_at = -1};
    return task;
}

bool task_sleeps(const struct task *task) {
    return task->halted || tracee_sleeps(task->pid, task->vforks);
}

void task_answer(struct task *task, long result) {
    cpu_skip_call(&task->cpu, result);
    cpu_write(task->pid, &task->cpu);
    task->state = TASK_READY;
    task->at_call = false;
}

/* ---- Signals ------------------------------------------------------------------------- */

static bool kills_by_default(int number) {
    return number != SIGCHLD && number != SIGURG && number != SIGWINCH && number != SIGCONT &&
           number != SIGSTOP && number != SIGTSTP && number != SIGTTIN && number != SIGTTOU;
}

static uint64_t bit(int number) {
    return 1ULL << (number - 1);
}

bool task_handles(const struct task *task, int number) {
    return (tracee_signals(task->pid).caught & bit(number)) != 0;
}

bool task_dies_of(const struct task *task, int number) {
    struct signal_sets sets = tracee_signals(task->pid);
    return number == SIGKILL ||
           (kills_by_default(number) && ((sets.caught | sets.ignored) & bit(number)) == 0);
}

bool task_is_signalled(const struct task *task) {
    struct signal_sets sets = tracee_signals(task->pid);
    return (sets.pending & ~sets.blocked) != 0;
}

bool task_is_disturbed(const struct task *task) {
    struct signal_sets sets = tracee_signals(task->pid);
    uint64_t coming = sets.pending & ~sets.blocked & ~sets.ignored;
    bool disturbed = (coming & sets.caught) != 0;
    for (int number = 1; number < NSIG && !disturbed; number++)
        disturbed = (coming & bit(number)) != 0 && kills_by_default(number);
    return disturbed;
}
