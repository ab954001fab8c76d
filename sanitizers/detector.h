/* SPDX-License-Identifier: MIT */
/*
 * The one interface of all detectors.
 *
 * A detector says how the program under test must be built (its flavour), whether its tool is there
 * and of a version whose reports it can read, and runs the program once. It does not know the
 * catalogue, and no other detector: how several runs become a verdict is the judge's business
 * (hazard/suite/judge.h), and hazard/detectors.c lists them all.
 */
#ifndef HAZARD_DETECTOR_H
#define HAZARD_DETECTOR_H

#include "flavour.h"
#include "option.h"
#include "report/finding.h"
#include "report/verdict.h"
#include "subject.h"

/* What one run brought. `findings` are the tool's; how the program itself ended is in `outcome`. */
struct run_report {
    struct findings findings;
    struct run_outcome outcome;
    const struct finding *deadlock; /* NULL, or what a run that is stuck waits for (hang/hang.h) */
    const char *no_deadlock;        /* NULL, or why it is stuck and this need not be a deadlock */
    const char *unsupported;        /* NULL, or what the detector cannot take in this program */
    /* NULL, or what is missing in `findings`: a part of the tool's report that cannot be read. With
     * findings it is told beside them; without any it must not pass for silence. */
    const char *gap;
    /* Of a detector that tries every execution: VERDICT_PROVED or VERDICT_BOUNDED if it found
     * nothing; else 0, and the findings and the outcome tell. */
    enum verdict verdict;
    long long count;    /* the executions that were tried; 0: the detector does not try them all */
    const char *detail; /* one line that says more than how the run ended; NULL: there is none */
    bool conditional;   /* VERDICT_PROVED, but up to a bound or under what the program assumes */
    bool sorted;        /* warnings are no findings, but told in `detail` already */
};

struct detector {
    const char *name;  /* "tsan" */
    const char *title; /* "ThreadSanitizer (clang)" */
    const struct flavour *flavour;
    bool servers_only; /* it says nothing of programs that do not listen */
    bool chosen_only;  /* of the suite it takes only the programs that have an expectation for it */
    bool suite_only; /* it must be told what to do: by the catalogue, or for a user's own program on
                          the command line, else it does not apply */
    bool whole_stacks; /* a marked line anywhere on a guilty stack is found: the place of the last
                          step may be a helper that the marked line calls */
    bool lengthy;      /* a run may take minutes, which others fill beside it: it begins first */
    const struct detector_option *options; /* what the catalogue, or the command line of a command
                                              of its own, may tell it; NULL: nothing */
    int default_runs; /* chance decides what a third-party tool sees, so it runs several times */

    /* 0 if the tool is there and its version known; -1 and which package brings it; TOOL_UNKNOWN
     * (base/tool.h) and why its reports may be misread. */
    int (*available)(struct error *error);

    /*
     * Runs the program once within the limits; nothing of it is left behind. `scratch` is an
     * existing empty folder of its own. -1 only when hazard itself failed (a report that cannot be
     * read, a full disk...).
     */
    int (*run)(void *owner, const struct subject *subject, const struct run_limits *limits,
               const char *scratch, struct run_report *report, struct error *error);
};

#endif
