/* SPDX-License-Identifier: MIT */
/*
 * What a detector of hazard said in the sandbox, as JSON, and what that means for the points. The JSON comes from where the
 * hand-in ran: it is held against what it may be, and no text of it is taken as it is.
 */
#ifndef HAZARD_GRADE_ANSWER_H
#define HAZARD_GRADE_ANSWER_H

#include "hazard/grade/assignment.h"
#include "hazard/grade/mark.h"

/* How names of the stage are told to students. */
struct answer_names {
    const char *stage; /* this path is left out */
    const char *const *
        sources; /* "counter.c", whose text is counter.c.gcc.i or counter.c.clang.i. NULL-terminated */
};

/*
 * Fills what the check came to: state, points, sentence, details, kind and places. `said` is the JSON that hazard
 * printed. 0, or -1 and *error: it is none; the platform's fault.
 */
int answer_read(void *owner, const struct check *check, const char *said,
                const struct answer_names *names, struct mark *mark, struct error *error);

/* The text as students see it; below `owner`. */
const char *answer_clean(void *owner, const struct answer_names *names, const char *text);

#endif
