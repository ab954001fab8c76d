/* SPDX-License-Identifier: MIT */
/*
 * A client that plays a dialogue, as a state machine that never waits: whoever drives it polls, calls
 * talker_advance, and knows from its state where it stands. So one thread can drive many clients, and
 * watch the server meanwhile.
 */
#ifndef HAZARD_RUN_TALKER_H
#define HAZARD_RUN_TALKER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "run/dialogue.h"
#include "run/server_address.h"

enum talker_state {
    TALKER_CONNECTING, /* its connect has not returned */
    TALKER_SENDING,    /* not all of its turn is said */
    TALKER_HEARING,    /* not all that its turn expects has come */
    TALKER_ENDING,     /* has said and heard all; waits for the end of file */
    TALKER_CONTENT,    /* has come as far as it was to go */
    TALKER_CUT,  /* the server closed, reset or refused the connection too early; see `cause` */
    TALKER_WRONG /* what came is not what it expects; see `why` */
};

/* How far it goes: all turns before `turn`, and the first `bytes` of that one, which says something. */
struct talker_stop {
    size_t turn, bytes;
};

struct talker {
    void *owner;
    int fd;         /* -1: not open */
    in_port_t port; /* its own, host byte order */
    const struct dialogue *dialogue;
    struct talker_stop until;
    bool
        half_closes; /* ends its writing side with its last word, and wants the end of file at last */

    size_t turn, sent; /* where it is; `sent` of that turn */
    char *heard;       /* what has come and is no turn's yet; NUL-terminated */
    size_t heard_length;
    bool ended; /* no more will come: `cause` is 0 at the end of file, or errno */
    bool said_all;
    enum talker_state state;
    enum talker_state cut_in; /* of TALKER_CUT: what it was at */
    int cause;
    const char *why; /* of TALKER_WRONG: one line below the owner */
    bool misled;     /* of TALKER_WRONG: by a whole answer that is another's */
};

/* Starts to connect. It will play the whole dialogue, which stays the caller's; lower `until` for one
 * that hesitates. */
void talker_open(void *owner, struct talker *talker, const struct server_address *address,
                 const struct dialogue *dialogue);

/* From now on it goes on to the end of its dialogue. */
void talker_go_on(struct talker *talker);

/* The events to poll for. */
short talker_events(const struct talker *talker);

/* Does whatever can be done without waiting. */
void talker_advance(struct talker *talker);

/* Is it waiting for the kernel or the server? */
bool talker_waits(const struct talker *talker);

/* Leaves: closes the socket, as a client that is done or has lost patience. Again does nothing. */
void talker_close(struct talker *talker);

/* Leaves in anger: the server's end is reset (RST), whatever is under way is lost. */
void talker_reset(struct talker *talker);

#endif
