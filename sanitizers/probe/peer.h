/* SPDX-License-Identifier: MIT */
/* A client in a step. */
#ifndef HAZARD_PROBE_PEER_H
#define HAZARD_PROBE_PEER_H

#include <stdbool.h>

#include "probe/probe_call.h"
#include "run/talker.h"

/* How a client behaves once it has come as far as it was to go. */
enum peer_plan {
    PEER_STAYS, /* and says no more by itself */
    PEER_TALKS  /* leaves */
};

struct peer {
    const char *name; /* "client 2" */
    size_t number;    /* 2 */
    const char *mood; /* why it does not go on: "out to lunch"; NULL if it does */
    enum peer_plan plan;
    struct talker talker;
    unsigned long object;        /* that it asks the origin for; 0: none */
    bool may_be_cut;             /* the server may end its session early, or answer as it likes */
    bool late[PROBE_CALL_COUNT]; /* calls that the server slept over */
};

/* The call that the client is in, or that failed; PROBE_CALL_COUNT if it is content. */
enum probe_call peer_call(const struct peer *peer);

/* Has it made such a call, and has that returned? */
bool peer_made(const struct peer *peer, enum probe_call call);

/* Lets the client do what it can without waiting. */
void peer_advance(struct peer *peer);

#endif
