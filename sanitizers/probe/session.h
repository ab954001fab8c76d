/* SPDX-License-Identifier: MIT */
/*
 * A fresh server and its clients, from start to end. Nothing here waits without watching the
 * server, and no wait is longer than `call_seconds`.
 */
#ifndef HAZARD_SESSION_H
#define HAZARD_SESSION_H

#include "probe/look.h"
#include "probe/probe.h"
#include "probe/tracer.h"
#include "run/echo.h"

/* How a client behaves once it has what it expects. */
enum peer_plan {
    PEER_STAYS, /* and says no more by itself */
    PEER_TALKS  /* goes on to its next line, and leaves after the last */
};

/* A client in a step. */
struct peer {
    const char *name; /* "client 2" */
    const char *mood; /* why it does not go on: "out to lunch"; NULL if it does */
    enum peer_plan plan;
    struct echo echo;
    bool late[PROBE_CALL_COUNT]; /* calls that the server slept over */
};

enum waited {
    WAITED_DONE,  /* what was waited for has come */
    WAITED_STUCK, /* proved: it never will before a client moves */
    WAITED_LATE, /* a client waits for a time-out of the server's to end; said once for each call */
    WAITED_TIME_UP, /* none of these within call_seconds */
    WAITED_GONE     /* the server ended, or was ended */
};

struct session {
    const struct subject *subject;
    const struct probe_options *options;
    struct run *run;
    struct tracer *tracer; /* NULL: not traced */
    struct server_address address;
    in_port_t port;
    struct peer *peers;
    size_t peer_count;
    struct look *last; /* the latest look at the server */

    enum waited started; /* WAITED_DONE: it listens */
    enum waited waited;  /* how the latest session_wait came out */
    /* From session_end on: WAITED_DONE: it ended at SIGTERM; WAITED_GONE: it had ended before; else
     * it did not end. */
    enum waited ended;
    struct run_outcome outcome;
    size_t left_behind; /* processes that lived on after it ended */
};

enum session_trace { SESSION_UNTRACED, SESSION_TRACE_DEATHS, SESSION_TRACE_CREATIONS };

/*
 * Starts the server and waits until it listens. NULL and *error if it cannot be started at all.
 * Where tracing is forbidden, `tracer` is NULL. To be ended with session_end, and freed with its
 * owner.
 */
struct session *session_start(void *owner, const struct subject *subject,
                              const struct probe_options *options, enum session_trace trace,
                              struct error *error);

/* So many clients, none of them connected yet; those of before leave. */
void session_peers(struct session *session, size_t count);

void peer_connect(struct session *session, struct peer *peer, const char *text);

/* From now on all clients are PEER_TALKS. */
void peers_talk(struct session *session);

/* The call that the client is in, or that failed; PROBE_CALL_COUNT if it is content. */
enum probe_call peer_call(const struct peer *peer);

/* Until none of the clients waits for anything. */
enum waited session_wait(struct session *session);

/* Until the server has done all it has to do and sleeps. */
enum waited session_settle(struct session *session);

/* Ends the tracing, sends SIGTERM, waits for the end, and takes care that nothing is left. */
void session_end(struct session *session);

#endif
