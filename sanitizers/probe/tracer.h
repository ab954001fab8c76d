/* SPDX-License-Identifier: MIT */
/*
 * Watches a server with ptrace, and keeps a stack for each thing that it creates, and for the
 * signal that kills it.
 *
 * Between tracer_start and tracer_end no other code may wait for the server (run_step does): a stop
 * that another call of waitpid takes away would leave the server stopped for ever. A caller that
 * waits for anything calls tracer_pump meanwhile.
 */
#ifndef HAZARD_PROBE_TRACER_H
#define HAZARD_PROBE_TRACER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "report/location.h"

enum trace_depth {
    TRACE_DEATHS,   /* deadly signals only: costs next to nothing */
    TRACE_CREATIONS /* and all that is created; stops at every system call */
};

enum trace_what { TRACE_FORK, TRACE_THREAD, TRACE_DESCRIPTOR, TRACE_MEMORY, TRACE_DEATH };

struct trace_event {
    enum trace_what what;
    pid_t process, tid; /* of the task that did it */
    long result; /* the process, thread or descriptor that it made; the signal of a TRACE_DEATH */
    struct location where; /* the stack at that moment; actor and doing are left empty */
};

struct tracer;

/* NULL if this machine lets us trace; else what is missing, what that costs, and what allows it: one line
 * below `owner`. */
const char *tracer_missing(void *owner);

/* Everything in the tree of `root`, and what comes into it later. NULL
 * where ptrace is forbidden. */
struct tracer *tracer_start(void *owner, pid_t root, enum trace_depth depth);

/* Lets every task that has stopped go on. True if there was one. */
bool tracer_pump(struct tracer *tracer);

/* Has the root process ended? It is left unreaped. */
bool tracer_root_ended(const struct tracer *tracer);

/* What was seen since the start, or since it was forgotten. */
const struct trace_event *tracer_events(const struct tracer *tracer, size_t *count);
void tracer_forget(struct tracer *tracer);

/* Lets every task go, untraced. The events stay, as long as the owner. */
void tracer_end(struct tracer *tracer);

#endif
