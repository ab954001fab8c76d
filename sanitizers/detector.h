/* SPDX-License-Identifier: MIT */
/*
 * The one interface of all detectors.
 *
 * A detector says how the program under test must be built (its flavour), whether its tool is there
 * and of a version whose reports it can read, and runs the program once. It does not know the
 * catalogue, and no other detector: how several runs become a verdict is the judge's business
 * (hazard/judge.h).
 */
#ifndef HAZARD_DETECTOR_H
#define HAZARD_DETECTOR_H

#include "base/error.h"
#include "report/report.h"
#include "run/run.h"

/* How a program is compiled for a detector. */
struct flavour {
    const char *name;         /* names the folder below build/: "tsan", "plain" */
    const char *compiler;     /* "clang" */
    const char *package;      /* the Debian package that brings it */
    const char *const *flags; /* NULL-terminated */
    /* NULL, or an object below hazard's data folder ("explore/runtime.o") that is linked to the
     * program in place of a runtime of the compiler's own: then each source is compiled by itself
     * with `flags`, and the objects are linked with `link_flags`. */
    const char *runtime;
    const char *const *link_flags; /* NULL-terminated */
};

/* The plain build: what a user would run. Valgrind and probe take it too. */
extern const struct flavour flavour_plain;

/* The flavour with more words for the compiler, below `owner`. */
const struct flavour *flavour_with(void *owner, const struct flavour *base,
                                   const char *const *more);

/* A program under test, built in the detector's flavour. Paths are absolute. */
struct subject {
    const char *name; /* as the user wrote it, for messages */
    struct sources sources;
    const char *binary;
    const char *const *args; /* NULL-terminated, without argv[0] */
    bool server;             /* it listens: it is driven by clients and ended by SIGTERM */
    /* Pairs of words for the detector ("races", "report"), then NULL; itself NULL for a user's own
     * program. */
    const char *const *options;
};

/* The command line that runs it: the words of `tool` (NULL-terminated, may be NULL) before it.
 * Below `owner`. */
const char *const *subject_argv(void *owner, const struct subject *subject,
                                const char *const *tool);

/* run_server for a server, run_program for all else. */
int subject_run(void *owner, const struct subject *subject, const struct run_spec *spec,
                struct run_outcome *outcome, struct error *error);

/* What one run brought. `findings` are the tool's; how the program itself ended is in `outcome`. */
struct run_report {
    struct findings findings;
    struct run_outcome outcome;
    const char *unsupported; /* NULL, or what the detector cannot take in this program */
    /* Of a detector that tries every execution: VERDICT_PROVED or VERDICT_BOUNDED if it found
     * nothing, after so many; else 0, and the findings and the outcome tell. */
    enum verdict verdict;
    long long count;
    const char *detail; /* one line that says more than how the run ended; NULL: there is none */
};

struct detector {
    const char *name;  /* "tsan" */
    const char *title; /* "ThreadSanitizer (clang)" */
    const struct flavour *flavour;
    bool servers_only; /* it says nothing of programs that do not listen */
    bool chosen_only;  /* of the suite it takes only the programs that have an expectation for it */
    bool suite_only;   /* it must be told what to do, as only the catalogue or a command of its own
                          can: `check` runs no user's program under it */
    bool whole_stacks; /* a marked line anywhere on a guilty stack is found: the place of the last
                          step may be a helper that the marked line calls */
    int default_runs;  /* chance decides what a third-party tool sees, so it runs several times */

    /* 0 if the tool is there and its version known; else -1 and which package brings it. */
    int (*available)(struct error *error);

    /*
     * Runs the program once within the limits; nothing of it is left behind. `scratch` is an
     * existing empty folder of its own. -1 only when hazard itself failed (a report that cannot be
     * read, a full disk...).
     */
    int (*run)(void *owner, const struct subject *subject, const struct run_limits *limits,
               const char *scratch, struct run_report *report, struct error *error);
};

extern const struct detector detector_tsan, detector_tsan_gcc, detector_helgrind, detector_drd,
    detector_probe, detector_explore, detector_inject;

/* All detectors, in the order of the matrix's columns; NULL-terminated. */
extern const struct detector *const detectors[];

/* NULL if there is none of that name. */
const struct detector *detector_find(const char *name);

#endif
