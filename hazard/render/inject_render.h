/* SPDX-License-Identifier: MIT */
/*
 * What `hazard inject` prints.
 */
#ifndef HAZARD_INJECT_RENDER_H
#define HAZARD_INJECT_RENDER_H

#include <jansson.h>
#include <stdio.h>

#include "inject/report/inject.h"

/* One program under inject. */
struct injected {
    const char *program; /* as the user named it */
    const char *root;    /* file names below it are shown relative to it */
    const char *again; /* what follows `hazard inject --at=K` for one point; NULL: there is none */
    struct inject_options options;
    struct inject_report report;
    bool failed; /* hazard could not: there is no report */
};

/* The verdict with its counts, the strip, and each finding with its places and stacks. With
 * options.at: that point alone. */
void injected_text(FILE *out, const struct injected *injected);

/* {"program", "detector", "signal", "verdict", "points"...}; see hazard(1). New reference. */
json_t *injected_json(const struct injected *injected);

/* One line on stderr, for a terminal; `data` is the struct injected. And its end. */
void injected_progress(int64_t done, int64_t bad, double seconds, void *data);
void injected_progress_end(void);

/*
 * inject_strip.c: one character for each bucket of instructions, by the worst that happens in it,
 * over `width` columns; NUL-terminated, below `owner`. "" if there are no points.
 */
const char *inject_strip(void *owner, const struct injection *injection, size_t width);

/* What each character means: "D deadlock"; NULL for one that the strip does not use. */
const char *inject_strip_word(char mark);

/* As wide as $COLUMNS or the terminal that `out` is, else 80. */
size_t inject_strip_width(FILE *out);

#endif
