/* SPDX-License-Identifier: MIT */
/* Grades made by hand, one of each kind. */
#ifndef TESTS_GRADES_H
#define TESTS_GRADES_H

#include "hazard/grade/mark.h"

struct made_grade {
    const char *name; /* "failed" */
    const struct grade *grade;
};

extern const struct made_grade grades[];
extern const size_t grade_count;

/* The one of that name; it must be there. */
const struct grade *grade_of(const char *name);

#endif
