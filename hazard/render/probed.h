/* SPDX-License-Identifier: MIT */
/* What `hazard probe` prints. */
#ifndef HAZARD_RENDER_PROBED_H
#define HAZARD_RENDER_PROBED_H

#include <jansson.h>
#include <stdio.h>

#include "probe/probe.h"
#include "report/verdict.h"

/* One probed program. */
struct probed {
    const char *program; /* as the user wrote it */
    const char *root;    /* file names below it are shown relative to it */
    double seconds;
    struct probe_report report;
    const char *failure; /* why hazard could not probe it; NULL: it could */
};

/* "found", "silent", or "unsupported"; "hung" if a limit or the user stopped
 * it before anything was found. */
enum verdict probed_verdict(const struct probe_report *report);

/* For people: each step with its clients and calls, then the findings with their
 * stacks. Nothing for a failure. */
void probed_text(FILE *out, const struct probed *probed);

/* {"program", "detector", "verdict", "seconds", "steps": [...], "findings": [...]};
 * see hazard(1). New reference. */
json_t *probed_json(const struct probed *probed);

#endif
