/* SPDX-License-Identifier: MIT */
/* The calls that a client makes, and how far each has come. */
#ifndef HAZARD_PROBE_PROBE_CALL_H
#define HAZARD_PROBE_PROBE_CALL_H

enum probe_call { PROBE_CONNECT, PROBE_WRITE, PROBE_READ, PROBE_END_OF_FILE, PROBE_CALL_COUNT };

enum call_state {
    CALL_NOT_MADE,
    CALL_RETURNED,
    CALL_LATE,    /* returned, but the server slept over it until a time-out of its own */
    CALL_BLOCKED, /* and nothing can end that before another client moves */
    CALL_FAILED   /* it returned, and not with what a client may expect */
};

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

const char *probe_call_name(enum probe_call call);        /* "end of file" */
const char *probe_call_state_name(enum call_state state); /* "blocked" */

#endif
