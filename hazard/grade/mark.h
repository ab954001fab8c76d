/* SPDX-License-Identifier: MIT */
/*
 * What a hand-in came to: a mark for each check of the assignment. Formats are written from this alone.
 *
 * Nothing of the machine is in it but `sandbox`: no path, no time, no process id. The same hand-in gives the same
 * bytes. Strings are valid UTF-8 without control characters but line ends and tabs, and never NULL unless said so; all of it lies
 * below one owner.
 */
#ifndef HAZARD_GRADE_MARK_H
#define HAZARD_GRADE_MARK_H

#include <stdbool.h>
#include <stddef.h>

enum mark_state {
    MARK_PASSED,
    MARK_PARTIAL,   /* failed, for a kind of finding that leaves some of the points */
    MARK_FAILED,    /* the student's fault */
    MARK_UNDECIDED, /* bounded or unsupported: the points are the assignment's rule */
    MARK_SKIPPED,   /* what it requires has not passed */
    MARK_BROKEN,    /* the platform's fault: no points are given or taken */
    MARK_STATES
};

/* A line of the hand-in that a finding is about. */
struct mark_place {
    const char *file; /* as it was handed in: "counter.c" */
    int line;         /* 1-based */
    const char *text; /* "read of 4 bytes by thread 2" */
};

struct mark {
    const char *name;  /* of the check: letters, digits, '-'; unique in the assignment */
    const char *title; /* one line */
    const char *with;  /* "explore", "inject", "probe", "tsan", "helgrind", "run"... */
    enum mark_state state;
    int points, most; /* a check that only deducts has most 0, and points from there down */
    /* Of a hidden check students see title, state and points, and nothing of what follows. */
    bool hidden;
    const char *sentence; /* one line, always */
    const char *details;  /* several lines, at most 80 columns: the interleaving; "" */
    const char *hint;     /* a paragraph; "" */
    const char
        *replay; /* the command that shows it again, of the student's files and `attachment`; "" */
    const char *attachment_name, *attachment; /* a schedule file; NULL: none */
    const char *kind;                         /* "data-race"; NULL: no finding */
    struct mark_place *places;
    size_t place_count;
};

enum grade_end {
    GRADE_MARKED, /* each check has a mark */
    GRADE_REFUSED, /* the student's fault before any check: a file is missing, it does not compile, it hides from
                      detectors. All marks are there, MARK_FAILED with 0 points */
    GRADE_BROKEN /* the platform's fault: no points, neither 0. Marks may be missing */
};

struct grade {
    const char *assignment; /* its name */
    const char *title;      /* the assignment's */
    const char *handin;     /* how the hand-in was named: the last part of its path */
    enum grade_end end;
    const char *reason; /* of REFUSED and BROKEN: one sentence; else "" */
    const char
        *details; /* of REFUSED: the compiler's words, the lines that were refused; else "" */
    struct mark_place *places;
    size_t place_count;
    struct mark *marks; /* in the assignment's order */
    size_t count;
    int points, most; /* within 0 and `most`; after the cap */
    const char
        *note; /* why `points` is not the sum: "at most 6 points, as not all is decided"; "" */
    const char *sandbox; /* "A: user, mount... namespaces": how the hand-in was kept in */
};

/* "passed", "partial", "failed", "undecided", "skipped", "broken". */
const char *mark_state_name(enum mark_state state);

/* "marked", "refused", "broken". */
const char *mark_end_name(enum grade_end end);

/* Is it the platform's fault, so that nobody gets points or loses any? */
bool mark_broken(const struct grade *grade);

/* Is some check undecided? */
bool mark_undecided(const struct grade *grade);

#endif
