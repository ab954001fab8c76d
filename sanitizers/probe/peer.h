/* SPDX-License-Identifier: MIT */
/* A client in a step. */
#ifndef HAZARD_PROBE_PEER_H
#define HAZARD_PROBE_PEER_H

#include <stdbool.h>

#include "probe/probe_call.h"
#include "run/echo.h"

/* How a client behaves once it has what it expects. */
enum peer_plan {
    PEER_STAYS, /* and says no more by itself */
    PEER_TALKS  /* goes on to its next line, and leaves after the last */
};

struct peer {
    const char *name; /* "client 2" */
    const char *mood; /* why it does not go on: "out to lunch"; NULL if it does */
    enum peer_plan plan;
    struct echo echo;
    bool late[PROBE_CALL_COUNT]; /* calls that the server slept over */
};

/* The call that the client is in, or that failed; PROBE_CALL_COUNT if it is content. */
enum probe_call peer_call(const struct peer *peer);

/* Lets the client do what it can without waiting. */
void peer_advance(struct peer *peer);

#endif
