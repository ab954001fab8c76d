/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_PROBE_PROBE_OPTIONS_H
#define HAZARD_PROBE_PROBE_OPTIONS_H

#include "probe/probe_step.h"
#include "run/dialogue.h"
#include "run/run.h"

#define PROBE_ALL_STEPS ((1U << PROBE_STEP_COUNT) - 1)

struct probe_options {
    struct run_limits limits; /* for each of the servers that are started */
    double call_seconds; /* a call that takes longer counts as blocked, whatever the kernel says */
    unsigned steps;      /* bit 1 << step for each one to run */
    /* What clients say: lines to be echoed, unless one of these says otherwise. */
    const struct dialogue *dialogue; /* NULL: none */
    const char *http;                /* the path that they GET; NULL: they do not speak HTTP */
    bool origin; /* the server is a proxy, and they GET what an origin of ours has */
};

#endif
