/* SPDX-License-Identifier: MIT */
/* The steps of a probe, and what came of each. */
#ifndef HAZARD_PROBE_PROBE_STEP_H
#define HAZARD_PROBE_PROBE_STEP_H

#include <stdbool.h>
#include <stddef.h>

#include "probe/probe_call.h"

enum probe_step {
    PROBE_LUNCH,        /* client 1 connects and says nothing: is client 2 served? */
    PROBE_PARTIAL_LINE, /* client 1 sends half a line and stops: is client 2 served? */
    PROBE_CROWD,        /* 64 clients at once: does each get what is its own? */
    PROBE_HALF_CLOSE,   /* a client ends its writing side: does it get all, and the end of file? */
    PROBE_RESET,        /* clients reset in mid-session: is the next one served? */
    /* Of a proxy: client 1's origin answers in half, or not, or with a reset: is client 2 served? */
    PROBE_SLOW_ORIGIN,
    PROBE_SILENT_ORIGIN,
    PROBE_RESETTING_ORIGIN,
    PROBE_LEAKS, /* 200 connections, batch after batch: what stays behind in the server? */
    PROBE_END,   /* SIGTERM: exit 0, and nothing left? */
    PROBE_STEP_COUNT
};

enum step_result {
    STEP_NOT_RUN,
    STEP_PASSED,
    STEP_FAILED,   /* see the findings */
    STEP_UNDECIDED /* a limit, or the user, stopped the server first; see the note */
};

struct probe_step_report {
    enum step_result result;
    const char *note; /* what came out beyond the clients' calls, one line; may be "" */
    struct probe_client *clients;
    size_t client_count;
    int served, asked; /* of PROBE_CROWD: clients; those that were not served are in `clients` */
};

const char *probe_step_name(enum probe_step step);  /* "half-close" */
const char *probe_step_title(enum probe_step step); /* what its clients do, one line */
bool probe_step_needs_origin(enum probe_step step);
int probe_step_from_name(const char *name); /* -1 if there is none */

const char *probe_step_result_name(enum step_result result); /* "undecided" */

#endif
