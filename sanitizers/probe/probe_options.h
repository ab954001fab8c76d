/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_PROBE_PROBE_OPTIONS_H
#define HAZARD_PROBE_PROBE_OPTIONS_H

#include "option.h"
#include "probe/probe_step.h"
#include "run/dialogue.h"
#include "run/run.h"

#define PROBE_ALL_STEPS ((1U << PROBE_STEP_COUNT) - 1)

struct probe_options {
    struct run_limits limits; /* for each of the servers that are started */
    double call_seconds; /* a call that takes longer counts as blocked, whatever the kernel says */
    unsigned steps;      /* bit 1 << step for each one to run */
    /* What clients say: lines to be echoed, unless one of these says otherwise. */
    const char *dialogue_file;       /* NULL: none */
    const struct dialogue *dialogue; /* what it says: see probe_options_read */
    const char *http;                /* the path that they GET; NULL: they do not speak HTTP */
    bool origin; /* the server is a proxy, and they GET what an origin of ours has */
};

/* What a user may say of the clients: "http", "origin", "dialogue". */
extern const struct detector_option probe_options_table[];

/* Do they go together? -1 and *error: which does not, and why. */
int probe_options_check(const struct probe_options *options, struct error *error);

/* Reads the dialogue, if there is one, below `owner`. -1 and *error as dialogue_read. */
int probe_options_read(void *owner, struct probe_options *options, struct error *error);

#endif
