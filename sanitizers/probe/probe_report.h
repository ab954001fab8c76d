/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_PROBE_PROBE_REPORT_H
#define HAZARD_PROBE_PROBE_REPORT_H

#include "probe/figures.h"
#include "probe/probe_step.h"
#include "report/finding.h"
#include "run/run.h"

struct probe_report {
    struct probe_step_report steps[PROBE_STEP_COUNT];
    struct probe_figures figures[PROBE_SAMPLES];
    size_t figure_count; /* 0 unless PROBE_LEAKS was run to its end */
    struct findings findings;
    struct sources sources;     /* of a bare binary those that its debug information names */
    struct run_outcome outcome; /* of the server that ended worst */
    const char *unsupported;    /* NULL, or why it cannot be probed: it never listens... */
    const char *missing; /* NULL, or what this machine does not permit, and what that costs */
};

#endif
