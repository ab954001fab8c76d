/* SPDX-License-Identifier: MIT */
/*
 * probe: a client that asks a server where it blocks.
 *
 * The server under test is an echo server for lines of text: what a client sends comes back, and
 * when the client has shut down its writing side and has everything back, the server closes. Each
 * step runs in a fresh server.
 */
#ifndef HAZARD_PROBE_H
#define HAZARD_PROBE_H

#include "base/fail.h"
#include "report/finding.h"
#include "subject.h"

enum probe_step {
    PROBE_LUNCH,        /* client 1 connects and says nothing: is client 2 served? */
    PROBE_PARTIAL_LINE, /* client 1 sends half a line and stops: is client 2 served? */
    PROBE_CROWD,        /* 64 clients at once: does each get its own lines back? */
    PROBE_HALF_CLOSE, /* a client ends its writing side: does it get all, and then the end of file?
                       */
    PROBE_RESET,      /* clients reset in mid-echo: is the next one served? */
    PROBE_LEAKS, /* 200 connections, one batch after the other: what stays behind in the server? */
    PROBE_END,   /* SIGTERM: exit 0, and nothing left? */
    PROBE_STEP_COUNT
};

const char *probe_step_name(enum probe_step step);  /* "half-close" */
const char *probe_step_title(enum probe_step step); /* what its clients do, one line */
int probe_step_from_name(const char *name);         /* -1 if there is none */

enum probe_call { PROBE_CONNECT, PROBE_WRITE, PROBE_READ, PROBE_END_OF_FILE, PROBE_CALL_COUNT };

const char *probe_call_name(enum probe_call call);

enum call_state {
    CALL_NOT_MADE,
    CALL_RETURNED,
    CALL_LATE,    /* returned, but the server slept over it until a time-out of its own */
    CALL_BLOCKED, /* and nothing can end that before another client moves */
    CALL_FAILED   /* it returned, and not with what a client may expect */
};

const char *call_state_name(enum call_state state);

/* What says that a call is blocked. */
enum decided_by {
    DECIDED_BY_KERNEL, /* sockets and threads show that nothing can happen any more */
    DECIDED_BY_TIME    /* it took too long, and the kernel cannot rule out that it would return */
};

struct probe_client {
    const char *name; /* "client 2" */
    enum call_state calls[PROBE_CALL_COUNT];
    enum decided_by decided; /* of a call that is CALL_BLOCKED */
    const char *why;         /* of a call that is not CALL_RETURNED, one line; else "" */
};

enum step_result {
    STEP_NOT_RUN,
    STEP_PASSED,
    STEP_FAILED,   /* see the findings */
    STEP_UNDECIDED /* a limit, or the user, stopped the server first; see the note */
};

const char *step_result_name(enum step_result result);

struct probe_step_report {
    enum step_result result;
    const char *note; /* what came out beyond the clients' calls, one line; may be "" */
    struct probe_client *clients;
    size_t client_count;
    int served,
        asked; /* PROBE_CROWD: of how many clients, how many; its `clients` are the unserved */
};

/* The whole process tree of the server, at rest, after so many connections have come and gone. */
struct probe_figures {
    int connections;
    size_t processes, threads, zombies, descriptors;
    size_t resident_bytes, virtual_bytes;
};

/* At 20 connections, at 200, and evenly between: what grows from each to the next is a leak. */
#define PROBE_SAMPLES 5

struct probe_report {
    struct probe_step_report steps[PROBE_STEP_COUNT];
    struct probe_figures figures[PROBE_SAMPLES];
    size_t figure_count; /* 0 unless PROBE_LEAKS was run to its end */
    struct findings findings;
    struct sources
        sources; /* the subject's; of a bare binary those that its debug information names */
    struct run_outcome outcome; /* of the server that ended worst */
    const char *unsupported;    /* NULL, or why it cannot be probed: it never listens... */
};

struct probe_options {
    struct run_limits limits; /* for each of the servers that are started */
    double call_seconds; /* a call that takes longer counts as blocked, whatever the kernel says */
    unsigned steps;      /* bit 1 << step for each one to run */
};

#define PROBE_ALL_STEPS ((1U << PROBE_STEP_COUNT) - 1)

/* Runs the steps. Everything in the report is below `owner`. -1 only when hazard itself failed. */
int probe_run(void *owner, const struct subject *subject, const struct probe_options *options,
              struct probe_report *report, struct error *error);

#endif
