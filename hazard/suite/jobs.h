/* SPDX-License-Identifier: MIT */
/*
 * Work in parallel processes. Each job is a forked child (a run under test wants a process of its
 * own: see run/run.h) that answers with one JSON value.
 */
#ifndef HAZARD_SUITE_JOBS_H
#define HAZARD_SUITE_JOBS_H

#include <jansson.h>
#include <stddef.h>

#include "base/fail.h"

struct jobs {
    size_t count;
    int parallel; /* at most so many at once */

    /* In the child: does job `index`; a new reference. */
    json_t *(*work)(size_t index, void *context);

    /* In the parent, in the order in which they end. Returns 0 to go on, -1 (and *error) to stop
     * everything. */
    int (*done)(size_t index, json_t *answer, void *context, struct error *error);

    /* In place of `done` where a child died without an answer; NULL: that stops everything. */
    int (*lost)(size_t index, int status, void *context, struct error *error);
    void *context;
};

/*
 * 0 when all are done. -1 and *error when one asked to stop, a child died without an answer, or the
 * user interrupted (run_interrupted() tells); no child is left in any case.
 */
int jobs_run(const struct jobs *jobs, struct error *error);

#endif
