/* SPDX-License-Identifier: MIT */
/* One thread of a run that is stuck: where it sleeps, what for, and who could end that. Linux, x86-64 glibc. */
#ifndef HAZARD_HANG_SLEEPER_H
#define HAZARD_HANG_SLEEPER_H

#include "report/location.h"
#include "run/proc.h"

struct sleeper {
    const struct proc *process;
    const struct proc_task *task;
    const char *actor;     /* "main thread", "thread 2", "thread 2 of child process 1" */
    struct location where; /* its stack from the call on that the program makes, innermost first */
    const char *call;      /* that call: "pthread_mutex_lock"; NULL: the stack does not say */
    const char *noun;      /* what it sleeps on: "mutex", "pipe"; NULL: nothing that has a name */
    unsigned long object;  /* the address of its futex word; 0: it is in another call */
    pid_t needs;           /* it can only go on when this thread has done something: who holds the
                              mutex, or is joined; 0: unknown, or many */
    const char *outside;   /* why somebody outside of the program may wake it; NULL: nobody can */
};

/*
 * Looks at a sleeping thread, which is stopped for a moment (stack_of_sleeping). Below `owner`.
 * `sources`: those of the program; none if they are not known. -1 where ptrace is not permitted.
 */
int sleeper_look(void *owner, const struct sources *sources, struct sleeper *sleeper);

/* The frame of the program's own code that sleeps; NULL: the stack has none. */
const struct frame *sleeper_own_frame(const struct sleeper *sleeper, const struct sources *sources);

#endif
