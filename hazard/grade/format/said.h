/* SPDX-License-Identifier: MIT */
/* What the formats have in common: a grade in plain words, for the student. All of it lies below `owner`. */
#ifndef HAZARD_GRADE_FORMAT_SAID_H
#define HAZARD_GRADE_FORMAT_SAID_H

#include <stdbool.h>

#include "hazard/grade/mark.h"

/* SAID_LINES: of an interleaving, and of a compiler's words. SAID_WIDTH: where prose is wrapped. */
enum { SAID_LINES = 30, SAID_WIDTH = 80 };

/* The sum of what is to be had is had. False where it is broken. */
bool said_full(const struct grade *grade);

/* In 0 to 1, for platforms that want it so. Of an assignment without points: 1 if no check failed, else 0. */
double said_score(const struct grade *grade);

/* "3 of 5 points", "1 of 1 point", "-2 points". */
const char *said_points(void *owner, int points, int most);

/* What it came to, in a line: "6 of 10 points.", "Not graded: the machine that grades is to blame, not your program. Ask your
 * teacher." */
const char *said_headline(void *owner, const struct grade *grade);

/* What there is to say of the whole: why it was refused, what the compiler said, the note on points. Lines without a last
 * newline; "" */
const char *said_whole(void *owner, const struct grade *grade);

/* The mark's sentence, or that the check is hidden: a line. */
const char *said_sentence(const struct mark *mark);

/* The mark's interleaving, at most SAID_LINES lines; "" of a hidden one. */
const char *said_details(void *owner, const struct mark *mark);

/* The mark's hint; "" of a hidden one. */
const char *said_hint(const struct mark *mark);

/* All that the student may know of a mark: the sentence, the lines, the interleaving, how to replay it, the hint, the
 * attachment. Lines without a last newline. */
const char *said_mark(void *owner, const struct mark *mark);

/* The same for whoever may see hidden checks. */
const char *said_mark_openly(void *owner, const struct mark *mark);

/* `text` in lines of SAID_WIDTH columns. */
const char *said_wrapped(void *owner, const char *text);

/* Its first SAID_LINES lines, none longer than a page is wide many times over, and how many more there were. */
const char *said_cut(void *owner, const char *text);

#endif
