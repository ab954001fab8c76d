/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_EXPLORED_H
#define HAZARD_RENDER_EXPLORED_H

#include <jansson.h>
#include <stdio.h>

#include "explore/front/explore.h"

/* One program, explored. */
struct explored {
    const char *program; /* as the user named it */
    const char *root;    /* file names below it are shown relative to it */
    struct explore_options options;
    struct explore_outcome outcome;
    const char *const *schedules; /* for each finding, the file that it was written to, or NULL */
    const char *unkept;           /* why the file could not be written; NULL: all were */
    bool failed;                  /* hazard could not: there is no outcome */
};

/* The verdict with what it stands on, and each finding with its interleaving. */
void explored_text(FILE *out, const struct explored *explored);

/* What the execution of the trace printed: the last lines of it. */
void explored_output(FILE *out, size_t indent, const struct shared *shared);

/* {"program", "detector", "verdict", "executions"...}; docs/explore.md
 * lists the keys. New reference. */
json_t *explored_json(const struct explored *explored);

/* One line on stderr, for a terminal; `data` is the program's name. And its end. */
void explored_progress(const struct shared *shared, double seconds, void *data);
void explored_progress_end(void);

#endif
