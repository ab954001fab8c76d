/* SPDX-License-Identifier: MIT */
#include "inject/family/advance.h"

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "inject/family/calling.h"
#include "inject/family/execute.h"
#include "inject/family/signals.h"
#include "inject/family/timed.h"
#include "inject/process/call_table.h"
#include "inject/process/state_hash.h"

#define GRACE_SECONDS 0.02 /* of processor time without a call, before something is let go */
#define LONGEST_SEARCH 256 /* instructions, for a state that comes back */

/* Who was continued comes back a moment later: it is waited for, so that nothing hangs on when. */
static void settle_continued(struct family *family) {
    for (size_t i = 0; i < family->task_count; i++) {
        struct task *task = family->tasks[i];
        bool comes = task->continued && task->state == TASK_ASLEEP;
        task->continued = false;
        if (comes)
            execute_settle(family, task, true);
    }
}

static void do_call(struct family *family, struct task *task) {
    struct cpu asked = task->cpu;
    bool first = task == family->tasks[0];
    inheritance_note_call(&family->inheritance, task, first, family_held(family, 0) != NULL);
    task->at_call = false;
    task->retries = false;
    family->calls++;
    circle_note_call(&family->circle, cpu_call(&task->cpu));
    family->changes += !call_is_private(&task->cpu);
    family->tried.returns += first && cpu_call(&task->cpu) == SYS_rt_sigreturn;
    bool answered = calling_answers(family, task, &asked);
    settle_continued(family);
    if (answered || family->end != FAMILY_GOES_ON)
        return;
    if (!timed_takes(family, task))
        execute_call(family, task, &asked);
}

static bool is_at_break(const struct family *family, const struct task *task) {
    return task == family->tasks[0] && breakpoint_was_hit(&family->breakpoint, &task->cpu);
}

/* What a stop between calls means. */
static void running_stop(struct family *family, struct task *task, struct stop stop,
                         bool stepping) {
    task->state = TASK_READY;
    task->entered = false; /* a call that was answered lies behind it */
    if (stop.kind == STOP_EXITED || stop.kind == STOP_KILLED) {
        family_task_ended(family, task, stop);
        return;
    }
    if (!cpu_read(task->pid, &task->cpu))
        return;
    if (stop.kind == STOP_CALL) {
        cpu_undo_call(&task->cpu);
        task->at_call = task->entered = true;
    } else if (stop.kind == STOP_TRAP && is_at_break(family, task)) {
        cpu_set_pc(&task->cpu, family->breakpoint.pc);
        cpu_write(task->pid, &task->cpu);
        family->breakpoint.met = true;
    } else if (stop.kind == STOP_TRAP && !stepping) {
        task->signal = SIGTRAP; /* a breakpoint of its own */
    } else if (stop.kind == STOP_SIGNAL) {
        task->signal = stop.number;
        signals_note_delivery(family, task, stop.number);
    } else if (stop.kind == STOP_JOB) {
        task->halted = true;
        task->state = TASK_ASLEEP;
        tracee_stay_stopped(task->pid);
    }
}

static bool goes_on(const struct family *family, const struct task *task) {
    return family->end == FAMILY_GOES_ON && task->state == TASK_READY && !family->breakpoint.met;
}

/* Does it go round, and make no call? Then all of its state comes back. */
static bool goes_round(struct family *family, struct task *task) {
    struct cpu seen = task->cpu;
    uint64_t state = 0, now = 0;
    if (!state_hash(task->pid, &state))
        return false;
    for (int i = 0; i < LONGEST_SEARCH; i++) {
        if (cpu_at_call(task->pid, cpu_pc(&task->cpu)) || !tracee_step(task->pid, 0))
            return false;
        struct stop stop = tracee_next_stop(task->pid);
        running_stop(family, task, stop, true);
        if (!goes_on(family, task) || task->signal != 0)
            return false;
        if (memcmp(&seen.regs, &task->cpu.regs, sizeof seen.regs) == 0)
            return state_hash(task->pid, &now) && now == state;
    }
    return false;
}

static enum advance_spin kind_of_spin(struct family *family, struct task *task) {
    bool round = goes_round(family, task);
    bool waits = round || tracee_seconds(task->pid) > family->budget / 2;
    if (!goes_on(family, task))
        return ADVANCE_NO_SPIN;
    return round ? ADVANCE_ROUND : waits ? ADVANCE_WAITS : ADVANCE_COMPUTES;
}

/* A tick while it runs: does it spin? True if it was stopped for that, or has run away. */
static bool spins(struct family *family, struct task *task) {
    double used = tracee_seconds(task->pid);
    bool may = family_may_go_on(family);
    if (used > family->budget)
        family_stop_because(family, FAMILY_RAN_AWAY, "");
    else if (may && used - task->seconds < GRACE_SECONDS)
        return false;
    tracee_interrupt(task->pid);
    task->seconds = used;
    return true;
}

/* True if it was found to spin on the way. */
static bool run_to_call(struct family *family, struct task *task) {
    bool spun = false, slept = false;
    tracee_run_to_call(task->pid, family->filtered, task->signal);
    task->signal = 0;
    for (;;) {
        struct stop stop = tracee_wait(task->pid);
        if (stop.kind == STOP_NONE) {
            if (!spun && !slept && task_sleeps(task) && !family_drain(family)) {
                slept = true; /* in a call that never does, as a rule: it is to be looked at */
                tracee_interrupt(task->pid);
            }
            spun = spun || spins(family, task);
            continue;
        }
        running_stop(family, task, stop, false);
        if (slept && stop.kind == STOP_INTERRUPT) {
            cpu_undo_call(&task->cpu);
            cpu_write(task->pid, &task->cpu);
            task->at_call = true;
        }
        return spun;
    }
}

enum advance_spin advance_task(struct family *family, struct task *task) {
    task->turn = ++family->turns;
    if (!family_may_go_on(family))
        return ADVANCE_NO_SPIN;
    if (task->at_call) {
        do_call(family, task);
        return ADVANCE_NO_SPIN;
    }
    bool spun = run_to_call(family, task);
    return spun && goes_on(family, task) ? kind_of_spin(family, task) : ADVANCE_NO_SPIN;
}

void advance_over_call(struct family *family) {
    do_call(family, family->tasks[0]);
}

void advance_over_instruction(struct family *family) {
    struct task *task = family->tasks[0];
    if (!task->skips)
        tracee_step(task->pid, task->signal);
    else
        tracee_step_from_call(task->pid);
    task->signal = 0;
    task->skips = false;
    struct stop stop = tracee_next_stop(task->pid);
    running_stop(family, task, stop, true);
}

void advance_step(struct family *family) {
    const struct task *task = family->tasks[0];
    if (task->signal == 0 && cpu_at_call(task->pid, cpu_pc(&task->cpu)))
        advance_over_call(family);
    else
        advance_over_instruction(family);
}
