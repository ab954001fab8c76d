/* SPDX-License-Identifier: MIT */
/*
 * One program under one detector: build it, run it as often as the detector wants, judge.
 */
#ifndef HAZARD_SUITE_TRIAL_H
#define HAZARD_SUITE_TRIAL_H

#include "detector.h"
#include "hazard/suite/target.h"
#include "report/result.h"

struct trial {
    const struct detector *detector;
    const struct target *target;
    int runs; /* 0: the detector's default */
    struct run_limits limits;
    const char *build_folder; /* where compiled programs go, by flavour */
};

/*
 * -1 and *error when hazard could not do it (the program does not compile, a report cannot be
 * read...). *words is then what the compiler said, "" if the program was not fit to be built, or
 * NULL: that is not why.
 */
int trial_run(void *owner, const struct trial *trial, struct result *result, const char **words,
              struct error *error);

/* The target, built in a flavour; what trial_run does first, for those who run it in their own way.
 */
int trial_build(void *owner, const struct trial *trial, const struct flavour *flavour,
                struct subject *subject, const char **words, struct error *error);

/* `detail`, and after it that a source of what was built is not what it was, where that is so; below
 * `owner`. */
const char *trial_note_age(void *owner, const struct target *target, const char *detail);

#endif
