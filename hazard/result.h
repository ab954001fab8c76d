/* SPDX-License-Identifier: MIT */
/*
 * What a run of the suite, or of a user's programs, came to: the detectors' results beside what the
 * catalogue expects. suite.c fills it, the renderers print it. Below its owner.
 */
#ifndef HAZARD_RESULT_H
#define HAZARD_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "hazard/catalog/catalog.h"
#include "report/result.h"

/* One detector's result for one program, beside what was expected of it. */
struct cell {
    struct result result;
    const struct expectation *expected; /* NULL for a user's own program, and where none applies */
    bool mismatch;                      /* expected is there and says otherwise */
    /* Of a user's own program: why the detector came to no result, which is then `unsupported`, as
     * others may have found something; NULL: it did. And what the compiler said, or NULL. */
    const char *failure, *words;
    bool
        failed; /* ...and that is the answer of the whole: hazard's own failure, or nobody's result */
};

/* One program under several detectors. */
struct program_report {
    const char *program;            /* as the user wrote it; in the suite the path below the root */
    const struct hazard *hazard;    /* NULL for a user's own program */
    const struct program *in_suite; /* NULL likewise */
    struct sources sources;
    struct cell *cells;
    size_t cell_count;
};

/* A whole invocation: programs in the order of the catalogue. */
struct suite_report {
    struct program_report *programs;
    size_t count;
    const char *root; /* file names below it are shown relative to it */
    int mismatches;
    /* With which what is expected was compared, by the numbers of base/versions.h; 0: with none. */
    int versions[VERSIONS_COUNT];
    /* A cell's failure that is hazard's and not the program's, or the first of a program of which no
     * detector came to a result; NULL: none. */
    const char *trouble;
    bool fruitless;    /* the second of these: the program does not compile */
    const char *words; /* what the compiler said of it; NULL: it was not the compiler */
    bool partial;      /* the user interrupted it: what is here is not all */
};

#endif
