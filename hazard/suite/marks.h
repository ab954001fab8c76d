/* SPDX-License-Identifier: MIT */
/*
 * Ground truth: the lines that carry a HAZARD marker comment. Nobody types a line number.
 */
#ifndef HAZARD_SUITE_MARKS_H
#define HAZARD_SUITE_MARKS_H

#include <stddef.h>

#include "base/fail.h"
#include "report/finding.h"

struct marked_line {
    const char *file; /* absolute */
    int line;         /* 1-based */
    const char *text; /* what follows "HAZARD:", trimmed */
};

struct marks {
    struct marked_line *items;
    size_t count;
};

/* Appends the markers of one C file, in line order. -1 if it cannot be read. */
int marks_read(void *owner, const char *file, struct marks *marks, struct error *error);

/* Which frames of a guilty location may stand on a mark. */
enum mark_rule {
    MARK_INNERMOST, /* the innermost own one, but for what is seen from outside: see marks.c */
    MARK_ANY_FRAME
};

/* The mark that this finding points at, or NULL. See marks.c for which frames count. */
const struct marked_line *marks_match(const struct marks *marks, const struct finding *finding,
                                      const struct sources *sources, enum mark_rule rule);

#endif
