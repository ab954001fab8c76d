/* SPDX-License-Identifier: MIT */
/*
 * One client of an echo server, as a state machine that never waits: whoever drives it polls, calls
 * echo_advance, and knows from the socket's state where the client stands. So one thread can drive
 * many clients, and watch the server meanwhile.
 *
 * How far it goes is up to the driver: it sends its text up to `allowed`, and is content once it
 * has read back `expected` bytes (and, after a half-close, the end of file).
 */
#ifndef HAZARD_RUN_ECHO_H
#define HAZARD_RUN_ECHO_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "run/server_address.h"

enum echo_state {
    ECHO_CONNECTING, /* its connect has not returned */
    ECHO_WRITING,    /* connected; not all that it may send is sent */
    ECHO_READING,    /* all sent; not all that it expects is back */
    ECHO_ENDING,     /* half-closed and all back; waits for the end of file */
    ECHO_CONTENT,    /* nothing left to do for now */
    ECHO_CUT,  /* the server closed or reset the connection too early, or refused it; see `cause` */
    ECHO_WRONG /* what came back is not what was sent */
};

/* What it does once its whole text is back; or it says all, half-closes, and is content with whatever comes
 * until the end of file. */
enum echo_end { ECHO_STAYS, ECHO_HALF_CLOSES, ECHO_TAKES_ALL };

struct echo {
    int fd;           /* -1: not open */
    in_port_t port;   /* its own port, host byte order */
    const char *text; /* what it says; the caller's, and stays so */
    size_t length;
    size_t allowed, expected;
    size_t sent, received;
    bool foreign; /* not even the first byte that came back is the text's */
    enum echo_end end;
    enum echo_state state;
    enum echo_state
        cut_in; /* of ECHO_CUT: what it was at: ECHO_CONNECTING, ECHO_WRITING or ECHO_READING */
    int cause;  /* of ECHO_CUT: errno; 0: the end of file came too early */
};

/* Starts to connect. The whole text is allowed and expected; lower both
 * for a client that hesitates. */
void echo_open(struct echo *echo, const struct server_address *address, const char *text);

/* A client that is content goes on to the end of its next line. False if it has said all. */
bool echo_next_line(struct echo *echo);

/* The events to poll for. */
short echo_events(const struct echo *echo);

/* Does whatever can be done without waiting. */
void echo_advance(struct echo *echo);

/* Is it waiting for the kernel or the server? */
bool echo_waits(const struct echo *echo);

/* Leaves: closes the socket, as a client that is done or has lost patience. Again does nothing. */
void echo_close(struct echo *echo);

/* Leaves in anger: the server's end is reset (RST), whatever is under way is lost. */
void echo_reset(struct echo *echo);

#endif
