/* SPDX-License-Identifier: MIT */
/*
 * From what a detector said in several runs to one verdict.
 */
#ifndef HAZARD_SUITE_JUDGE_H
#define HAZARD_SUITE_JUDGE_H

#include "detector.h"
#include "hazard/suite/marks.h"
#include "report/result.h"

/* What the runs are held against. */
struct charge {
    const struct sources *sources;
    const struct marks *marks; /* of the planted bug; none in a fixed program */
    int kind;    /* what the detector must call it; -1: nothing was planted, every finding counts */
    bool server; /* it is ended by SIGTERM */
    bool whole_stacks; /* a mark counts anywhere on a guilty stack: see struct detector */
    bool must_succeed; /* the program claims to be right: its own failure is a finding */
};

/*
 * The verdict on one run; takes warnings (report/severity.h) out of its findings where nothing was planted; adds to its findings what the run itself shows (a crash; a failure of a
 * program that claims to be right).
 */
enum verdict judge_run(void *owner, const struct charge *charge, struct run_report *report);

/*
 * Takes one run more into the result: the verdict is the weightiest of all runs (found, other,
 * hung, silent), hits how many runs came to it, findings each distinct one once.
 */
void judge_add(void *owner, const struct charge *charge, struct result *result,
               enum verdict verdict, const struct run_report *report);

#endif
