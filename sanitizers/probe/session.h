/* SPDX-License-Identifier: MIT */
/*
 * A fresh server and its clients, from start to end. Nothing here waits without watching the
 * server, and no wait is longer than `call_seconds` of the server's own time (spent.h).
 */
#ifndef HAZARD_PROBE_SESSION_H
#define HAZARD_PROBE_SESSION_H

#include "probe/look.h"
#include "probe/origin.h"
#include "probe/peer.h"
#include "probe/probe_options.h"
#include "probe/tracer.h"
#include "run/server_address.h"
#include "run/spent.h"
#include "subject.h"

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
    struct tracer *tracer;        /* NULL: not traced */
    struct origin_server *origin; /* NULL: the server is no proxy */
    unsigned long objects;        /* of the origin, asked for so far */
    bool same_objects; /* clients ask for what others have asked for before, if they can */
    struct server_address address;
    in_port_t port;
    struct peer *peers;
    size_t peer_count;
    bool cut;           /* the server has closed the connection of one of all clients so far */
    struct look *last;  /* the latest look at the server */
    struct spent spent; /* how much of its own time it has had, by the looks at it */

    enum waited started; /* WAITED_DONE: it listens */
    enum waited waited;  /* how the latest session_wait came out */
    /* From session_end on: WAITED_DONE: it ended at SIGTERM; WAITED_GONE: it had ended before; else
     * it did not end. */
    enum waited ended;
    struct run_outcome outcome;
    size_t left_behind; /* processes that lived on after it ended, and after the clients had left */
    size_t finished;    /* those that ended when the clients left */
};

enum session_trace { SESSION_UNTRACED, SESSION_TRACE_DEATHS, SESSION_TRACE_CREATIONS };

/*
 * Starts the server and waits until it listens. NULL and *error if it cannot be
 * started at all. Where tracing is forbidden, `tracer` is NULL. To be ended with
 * session_end, and freed with its owner.
 */
struct session *session_start(void *owner, const struct subject *subject,
                              const struct probe_options *options, enum session_trace trace,
                              struct error *error);

/* `count` clients, none of them connected yet; those of before leave. */
void session_peers(struct session *session, size_t count);

/* The client begins to connect, and will say what clients say. */
void session_connect(struct session *session, struct peer *peer);

/* The same for one who says something else. */
void session_connect_as(struct session *session, struct peer *peer,
                        const struct dialogue *dialogue);

/* The same for one who asks for an object that the origin gives in its own way. */
void session_connect_for(struct session *session, struct peer *peer, enum origin_way way);

/* From now on all clients are PEER_TALKS, to the end of their dialogues. */
void session_talk(struct session *session);

/* Until none of the clients waits for anything. */
enum waited session_wait(struct session *session);

/* Until the server has done all it has to do and sleeps. */
enum waited session_settle(struct session *session);

/* Ends the tracing, sends SIGTERM, waits for the end, and takes care that nothing is left. */
void session_end(struct session *session);

#endif
