/* SPDX-License-Identifier: MIT */
/* What `hazard inject` prints. */
#ifndef HAZARD_RENDER_INJECTED_H
#define HAZARD_RENDER_INJECTED_H

#include <jansson.h>
#include <stdio.h>

#include "inject/report/inject.h"

/* One program under inject. */
struct injected {
    const char *program; /* as the user named it */
    const char *root;    /* file names below it are shown relative to it */
    const char *again; /* what follows `hazard inject --at=K` for one point; NULL: there is none */
    struct inject_options options;
    struct inject_report report;
    bool failed; /* hazard could not: there is no report */
};

/* The verdict with its counts, the strip, and each finding with its places and stacks. With
 * options.at: that point alone. */
void injected_text(FILE *out, const struct injected *injected);

/* {"program", "detector", "signal", "verdict", "points"...}; see hazard(1). New reference. */
json_t *injected_json(const struct injected *injected);

/* One line on stderr, for a terminal; `data` is the struct injected. And its end. */
void injected_progress(int64_t done, int64_t bad, double seconds, void *data);
void injected_progress_end(void);

#endif
