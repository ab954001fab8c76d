/* SPDX-License-Identifier: MIT */
/*
 * An assignment: a folder with assignment.yaml, which says what is handed in, what the teacher adds, and what is
 * checked for how many points. docs/grade.md explains each key.
 */
#ifndef HAZARD_GRADE_ASSIGNMENT_H
#define HAZARD_GRADE_ASSIGNMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "report/kind.h"

#define ASSIGNMENT_FILE "assignment.yaml"

/* What is handed in: regular files below one folder. */
struct wanted_file {
    const char *name; /* "counter.c", "src/list.c": relative, without .. */
    int bytes;        /* at most */
    bool optional;
};

enum check_with {
    CHECK_EXPLORE,
    CHECK_INJECT,
    CHECK_PROBE,
    CHECK_TSAN,
    CHECK_TSAN_GCC,
    CHECK_HELGRIND,
    CHECK_DRD,
    CHECK_RUN,         /* what it prints, and how it ends */
    CHECK_CONCURRENCY, /* explore must come to a label: a place that only threads at work at once reach */
    CHECK_WITHS
};

/* "tsan-gcc". */
const char *assignment_with_name(enum check_with with);

/* What is left of the points where this is the worst that was found. */
struct partial_credit {
    enum kind kind;
    int points;
};

struct check {
    const char *name, *title;
    enum check_with with;
    int points;    /* below 0: a deduction */
    int undecided; /* the points where it comes to no end */
    bool hidden;
    const char *const *requires_checks; /* names of checks before it; NULL-terminated */
    const char *const *args;            /* of the program; NULL-terminated */
    const char *const *options; /* of the detector, as its command takes them; NULL-terminated */
    const char *stdin_file, *dialogue, *output; /* absolute paths of the teacher's; NULL: none */
    int status;                                 /* of CHECK_RUN: the exit status */
    int runs;          /* of CHECK_RUN: so often; the first that fails counts */
    const char *label; /* of CHECK_CONCURRENCY */
    const char *hint;  /* for who fails; NULL: the catalogue's, for the kind of what was found */
    struct partial_credit *partial;
    size_t partial_count;
};

/* All of it lies below its owner. */
struct assignment {
    const char *name; /* the folder's */
    const char *title;
    const char *folder; /* absolute */
    const char *source; /* the file that says all this */
    struct wanted_file *files;
    size_t file_count;
    const char *const
        *given; /* headers and data that hand-ins may include: paths below the folder */
    const char *const *
        driver; /* C files that are compiled with a hand-in: likewise; students see nothing of them */
    const char *const *flags;                 /* of the compiler */
    const char *const *allow, *const *refuse; /* rules of the gate: docs/gate.md */
    struct check *checks;
    size_t check_count;
    int most;          /* the sum of all points above 0 */
    int undecided_cap; /* at most so many points where a check is undecided; -1: no cap */
};

/* Reads and checks FOLDER/assignment.yaml. NULL and *error: "FOLDER/assignment.yaml:12: ..." */
struct assignment *assignment_load(void *owner, const char *folder, struct error *error);

/* NULL: there is none of that name. */
const struct check *assignment_check(const struct assignment *assignment, const char *name);

#endif
