/* SPDX-License-Identifier: MIT */
/* One process of a family: where it stands, and what its signals do to it. */
#ifndef HAZARD_INJECT_FAMILY_TASK_H
#define HAZARD_INJECT_FAMILY_TASK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "inject/process/cpu.h"

enum task_state {
    TASK_READY,   /* stopped; it can go on */
    TASK_ASLEEP,  /* in a call, in the kernel */
    TASK_NAPPING, /* before a call with a time-out, which it is spared */
    TASK_HELD,    /* a child that has not run yet */
    TASK_ENDED
};

struct task {
    pid_t pid;
    int id, parent; /* as the program sees them */
    enum task_state state;
    bool at_call; /* it stands before a system call, as far as `cpu` goes... */
    bool entered; /* ...but really in it, before it is executed */
    bool skips;  /* it is stopped in a call that is not to be executed, though `cpu` is elsewhere */
    bool vforks; /* it waits for its vfork child */
    bool halted; /* it sleeps because it got SIGSTOP or the like */
    bool continued;   /* it no longer does, but has not come back from there */
    bool retries;     /* TASK_NAPPING: its call may succeed when others have done something */
    struct cpu cpu;   /* where it stands; of one asleep: before its call */
    int signal;       /* it stands where this one is about to be delivered; 0: none */
    int64_t wakes_at; /* TASK_NAPPING: on the family's clock */
    int64_t timer_at, timer_interval; /* ITIMER_REAL; timer_at < 0: not set */
    int exit_code;                    /* TASK_ENDED: -1 if it was killed */
    double seconds;                   /* processor time when it was last found to spin */
    uint64_t turn; /* when it last ran: the task that has not run for longest comes first */
};

/* Below `owner`; READY, without a timer. */
struct task *task_new(void *owner, pid_t pid, int id, int parent);

/* Does it sleep in the call in which it is? */
bool task_sleeps(const struct task *task);

/* The call at which it stands is done, with that result, without the kernel. */
void task_answer(struct task *task, long result);

/* Has it a handler for that signal? */
bool task_handles(const struct task *task, int number);

/* Does that signal end it? */
bool task_dies_of(const struct task *task, int number);

/* Is a signal about to be delivered, be it one that does nothing? */
bool task_is_signalled(const struct task *task);

/* Is a signal pending that runs a handler or ends it? */
bool task_is_disturbed(const struct task *task);

#endif
