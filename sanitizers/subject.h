/* SPDX-License-Identifier: MIT */
/*
 * The program under test, and how a detector runs it.
 */
#ifndef HAZARD_SUBJECT_H
#define HAZARD_SUBJECT_H

#include <stdbool.h>

#include "base/fail.h"
#include "report/frame.h"
#include "run/run.h"
#include "suppressions.h"

/* Built in the detector's flavour. Paths are absolute. */
struct subject {
    const char *name; /* as the user wrote it, for messages */
    struct sources sources;
    const char *binary;
    const char *const *args; /* NULL-terminated, without argv[0] */
    struct surroundings surroundings;
    struct suppressions suppressions;
    bool server; /* it listens: it is driven by clients and ended by SIGTERM */
    /* Pairs of words for the detector ("races", "report"), then NULL; itself NULL for a user's own
     * program. */
    const char *const *options;
};

/* The command line that runs it: the words of `tool` (NULL-terminated, may be NULL) before it.
 * Below `owner`. */
const char *const *subject_argv(void *owner, const struct subject *subject,
                                const char *const *tool);

/* run_server for a server, run_program for all else; in the subject's surroundings. */
int subject_run(void *owner, const struct subject *subject, const struct run_spec *spec,
                struct run_outcome *outcome, struct error *error);

#endif
