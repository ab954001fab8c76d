/* SPDX-License-Identifier: MIT */
#include "inject/family/execute.h"

#include <string.h>
#include <sys/syscall.h>

#include "base/clock.h"
#include "inject/family/process_ids.h"
#include "inject/family/signals.h"
#include "inject/process/call_table.h"
#include "inject/process/watch.h"

#define SETTLE_SECONDS 20.0 /* for a call that neither returns nor sleeps */

/* The breakpoint is not for the new process. While a vfork child uses the first process's memory
 * the breakpoint is hidden there: the first process itself does not run meanwhile. */
static void adopt(struct family *family, struct task *parent, pid_t pid) {
    bool shares = parent->vforks; /* its memory: what we do to it, we do to the parent */
    struct task *child = family_add(family, pid, 0, parent->id);
    child->id = family->real_ids ? pid : family->next_id;
    family->next_id++;
    child->state = shares ? TASK_READY : TASK_HELD;
    struct stop stop = tracee_next_stop(pid);
    if (stop.kind != STOP_INTERRUPT) {
        family_task_ended(family, child, stop);
        return;
    }
    if (parent == family->tasks[0])
        breakpoint_hide(&family->breakpoint, shares ? parent->pid : pid);
    cpu_read(pid, &child->cpu);
}

/*
 * It has come back from its call, or was diverted to a handler. False if it still stands before the
 * call, because that is to be restarted.
 */
static bool call_left(struct family *family, struct task *task) {
    struct cpu before = task->cpu, after = task->cpu, now;
    if (!cpu_read(task->pid, &now))
        now = before; /* it has died: the next wait says so */
    if (cpu_pc(&now) == cpu_pc(&before)) {
        task->entered = false;
        tracee_step(task->pid, 0);
        return false;
    }
    task->cpu = now;
    task->state = TASK_READY;
    if (task->vforks && task == family->tasks[0])
        breakpoint_show(&family->breakpoint, task->pid);
    task->vforks = false;
    cpu_skip_call(&after, 0);
    if (cpu_pc(&task->cpu) != cpu_pc(&after))
        return true;
    for (int i = 0; i < 6; i++)
        cpu_set_argument(&task->cpu, i, cpu_argument(&before, i));
    process_ids_finish_call(family, task, cpu_call(&before));
    cpu_write(task->pid, &task->cpu);
    return true;
}

/* What a stop inside a call means: true when the task is at rest. */
static bool in_call_stop(struct family *family, struct task *task, struct stop stop) {
    int signal_number = 0;
    switch (stop.kind) {
    case STOP_TRAP:
        return call_left(family, task);
    case STOP_EXITED:
    case STOP_KILLED:
        family_task_ended(family, task, stop);
        return true;
    case STOP_CHILD:
        adopt(family, task, stop.message);
        break;
    case STOP_SIGNAL:
        if (signals_is_merged(family, task, stop.number))
            break;
        signals_note_delivery(family, task, stop.number);
        signal_number = stop.number;
        break;
    case STOP_JOB:
        task->halted = true;
        tracee_stay_stopped(task->pid);
        return false;
    case STOP_CALL: /* the filter's: we know */
    case STOP_EXEC:
    case STOP_INTERRUPT:
    case STOP_NONE:
        break;
    }
    task->halted = false;
    tracee_step(task->pid, signal_number);
    return false;
}

void execute_settle(struct family *family, struct task *task, bool may_sleep) {
    double since = clock_seconds();
    bool slept = false;
    for (;;) {
        struct stop stop = may_sleep ? tracee_poll(task->pid) : tracee_wait(task->pid);
        if (stop.kind != STOP_NONE) {
            slept = false;
            if (in_call_stop(family, task, stop))
                return;
            continue;
        }
        if (slept) { /* and had not stopped meanwhile */
            task->state = TASK_ASLEEP;
            return;
        }
        if (may_sleep)
            watch_pause();
        may_sleep = true; /* it takes long: a tick has come */
        slept = task_sleeps(task) && !family_drain(family);
        if (slept || clock_seconds() - since < SETTLE_SECONDS)
            continue;
        task->state = TASK_ASLEEP;
        family_stop_because(family, FAMILY_LOST, "a system call neither returns nor sleeps");
        return;
    }
}

/* Could it sleep? Not a write, as a rule: what we read is never full. (If it does, a tick tells.)
 */
static bool likely_sleeps(const struct task *task) {
    long call = cpu_call(&task->cpu);
    return (call_traits(&task->cpu) & CALL_SLEEPS) != 0 && call != SYS_write && call != SYS_writev;
}

void execute_call(struct family *family, struct task *task, const struct cpu *asked) {
    if (memcmp(&asked->regs, &task->cpu.regs, sizeof asked->regs) != 0) {
        struct cpu changed = *asked;
        if (task->entered)
            cpu_enter_call(&changed);
        cpu_write(task->pid, &changed);
    }
    task->entered = false;
    long call = cpu_call(&task->cpu);
    bool may_sleep = likely_sleeps(task);
    task->state = TASK_ASLEEP;
    tracee_step(task->pid, task->signal);
    task->signal = 0;
    execute_settle(family, task, may_sleep);
    if (call == SYS_write || call == SYS_writev)
        family_drain(family);
}
