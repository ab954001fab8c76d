/* SPDX-License-Identifier: MIT */
/*
 * One process under ptrace: stepped, copied, looked at. It knows nothing of signals that
 * are tried or of families.
 *
 * Every tracee was seized with PTRACE_O_EXITKILL: whatever ends this process ends them all.
 */
#ifndef HAZARD_INJECT_PROCESS_TRACEE_H
#define HAZARD_INJECT_PROCESS_TRACEE_H

#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "inject/process/cpu.h"

/* Why a tracee is not running. */
enum stop_kind {
    STOP_CALL,      /* in a system call that was not executed yet */
    STOP_TRAP,      /* a step is done, or a breakpoint was hit */
    STOP_SIGNAL,    /* `number` is about to be delivered */
    STOP_CHILD,     /* it has made the process or thread `message` (fork, vfork, clone) */
    STOP_EXEC,      /* a new image */
    STOP_INTERRUPT, /* new-born, or stopped by tracee_interrupt */
    STOP_JOB,       /* stopped by SIGSTOP and the like */
    STOP_EXITED,    /* it is gone: `number` is its exit code */
    STOP_KILLED,    /* it is gone: `number` is the signal */
    STOP_NONE       /* it still runs (tracee_poll), or the watch's tick has come (tracee_wait) */
};

struct stop {
    enum stop_kind kind;
    int number;
    pid_t message;
};

/* Waits for the next stop. STOP_NONE: interrupted by a signal to ourselves (watch.h). */
struct stop tracee_wait(pid_t pid);
/* The same, however often that interrupts it: never STOP_NONE. */
struct stop tracee_next_stop(pid_t pid);
/* Does not wait. */
struct stop tracee_poll(pid_t pid);

/* Lets it go on with `signal_number` delivered (0: none). False when it has died. */
bool tracee_step(pid_t pid, int signal_number);
/* `filtered`: it has the filter (filter.h), and stops at the calls that this does not let through;
 * else it stops at every call. */
bool tracee_run_to_call(pid_t pid, bool filtered, int signal_number);
void tracee_interrupt(pid_t pid);

/* Up to its next call, where it stops before that is executed (STOP_CALL). It may stand in such a
 * stop: is that call executed when it goes on from there? `executes` says it of the next one; it
 * takes effect when the process stops. */
bool tracee_run_to_any_call(pid_t pid, bool executes, int signal_number);

/* Does it stand where a step, or its call, has ended? A signal with which it goes on from there is
 * delivered at once. */
bool tracee_is_behind_step(pid_t pid);

/* What comes with the signal with which it goes on from there. */
bool tracee_set_siginfo(pid_t pid, const siginfo_t *info);

/* A step out of a call at which it was stopped so and which is not to be executed. At the
 * instruction that is stepped there must be no call. */
bool tracee_step_from_call(pid_t pid);
/* After STOP_JOB: leaves it stopped until somebody continues it. */
void tracee_stay_stopped(pid_t pid);

/* The flags of the clone calls by which copies, and children of copies, are made: the filter lets
 * these calls through (filter.h). CLONE_DETACHED means nothing any more: no program asks for it, so
 * its own forks are told from ours. */
#define TRACEE_COPY_FLAGS (CLONE_PARENT | SIGCHLD)
#define TRACEE_CHILD_FLAGS (CLONE_DETACHED | SIGCHLD)

/*
 * A copy of a process that stands at `cpu`, made by its own hand: it executes a clone call at
 * `call_pc`. The copy is our child, stopped, with the same registers, and has the same parent as
 * the original, which notices nothing. -1 when that failed.
 */
pid_t tracee_copy(pid_t pid, const struct cpu *cpu, uint64_t call_pc);

/*
 * A child of such a process, made in the same way: stopped, and known to its parent when it ends.
 */
pid_t tracee_child(pid_t pid, const struct cpu *cpu, uint64_t call_pc);

/* Makes it execute a system call of ours; its result. */
long tracee_call(pid_t pid, uint64_t call_pc, long call, const uint64_t arguments[6]);

/* Ends it and waits for that. */
void tracee_kill(pid_t pid);

/* Memory. False unless all of it was there. */
bool tracee_get(pid_t pid, uint64_t address, void *bytes, size_t length);
bool tracee_put(pid_t pid, uint64_t address, const void *bytes, size_t length);

/* Does it sleep in a system call? `deeply` counts too where the call may be a vfork. */
bool tracee_sleeps(pid_t pid, bool deeply);

/* Sets of signals: bit n - 1 for signal n. */
struct signal_sets {
    uint64_t pending, blocked, ignored, caught;
};
struct signal_sets tracee_signals(pid_t pid);

/* How many filters of calls it has; 0 where the kernel does not tell. */
unsigned tracee_filters(pid_t pid);

/* The user whose process it is. */
uid_t tracee_user(pid_t pid);

/* Processor time it has used so far, in seconds. */
double tracee_seconds(pid_t pid);

#endif
