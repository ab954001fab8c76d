/* SPDX-License-Identifier: MIT */
/*
 * A grade in what a course's platform reads. All of them are written from `struct grade` alone, so one run serves any of
 * them, and the same grade gives the same bytes: no times, no names of machines.
 *
 * No format makes 0 points of what the platform is to blame for: each says so in its platform's own way
 * (docs/platforms/), which only Submitty has not.
 */
#ifndef HAZARD_GRADE_FORMAT_GRADE_FORMAT_H
#define HAZARD_GRADE_FORMAT_GRADE_FORMAT_H

#include <stddef.h>
#include <stdio.h>

#include "base/fail.h"
#include "hazard/grade/mark.h"

struct grade_format {
    const char *name; /* "gradescope" */
    const char
        *file; /* how the platform calls it: "results.json"; NULL: it reads standard output */
    const char *title; /* a line, for --help */
    /* Writes all of it. -1 and *error: `out` did not take it. */
    int (*write)(FILE *out, const struct grade *grade, struct error *error);
};

/* In the order of the documentation. */
extern const struct grade_format grade_formats[];
extern const size_t grade_format_count;

/* NULL: there is none of that name, and *error says which it may be and which there are. */
const struct grade_format *grade_format_find(const char *name, struct error *error);

#endif
