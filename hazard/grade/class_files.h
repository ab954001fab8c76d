/* SPDX-License-Identifier: MIT */
/* What a class came to, for its teacher. The same grades give the same bytes. */
#ifndef HAZARD_GRADE_CLASS_FILES_H
#define HAZARD_GRADE_CLASS_FILES_H

#include <stdio.h>

#include "hazard/grade/class.h"

/*
 * A line a hand-in (RFC 4180): who, what it came to, points in all and of each check, the first sentence of what went wrong.
 * Where the platform is to blame points are empty. Words that a spreadsheet would take for a formula get an apostrophe.
 */
void class_csv(FILE *out, const struct class *class);

/*
 * A page: how many came to what, the distribution of points, each check, each hand-in (a link to `links`/NAME/`page`; NULL:
 * none), who lost by the same schedule, who handed in the same files.
 */
void class_page(FILE *out, const struct class *class, const char *links, const char *page);

/* "full", "lost", "undecided", "refused", "broken": what a hand-in came to. */
const char *class_outcome(const struct grade *grade);

#endif
