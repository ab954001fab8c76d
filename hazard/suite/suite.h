/* SPDX-License-Identifier: MIT */
/*
 * Many programs under many detectors, in parallel: what `check` and `matrix` stand on.
 */
#ifndef HAZARD_SUITE_SUITE_H
#define HAZARD_SUITE_SUITE_H

#include "detector.h"
#include "hazard/result.h"
#include "hazard/suite/target.h"

struct suite_options {
    const struct detector *const *detectors; /* NULL-terminated */
    int runs; /* of each program under each detector; 0: the detector's default */
    int parallel;
    struct run_limits limits;
    const char *root;         /* for the report: file names below it are shown relative to it */
    const char *build_folder; /* of the suite's programs */
    bool progress;            /* on stderr */
};

/*
 * "tsan,drd" as a NULL-terminated list below `owner`; NULL: all of them. NULL and *error for an
 * unknown name.
 */
const struct detector *const *suite_detectors(void *owner, const char *list, struct error *error);

/*
 * Runs all targets under all detectors that apply. -1 and *error when hazard could not (a tool is
 * missing, a program of the suite does not compile, interrupted): of the report only `words` counts
 * then. That a user's program does not compile for any detector is for the report to tell.
 */
int suite_run(void *owner, const struct targets *targets, const struct suite_options *options,
              struct suite_report *report, struct error *error);

#endif
