/* SPDX-License-Identifier: MIT */
/* One verdict in words. */
#ifndef HAZARD_RENDER_CELL_H
#define HAZARD_RENDER_CELL_H

#include "hazard/render/style.h"
#include "hazard/result.h"

/* What a cell means for a CI job. */
enum cell_fate {
    CELL_PASSED,  /* as expected; in a user's program: nothing was found */
    CELL_FAILED,  /* not as expected; in a user's program: something is wrong with it */
    CELL_SKIPPED, /* nothing can be said: not run, or the detector cannot take this program */
    CELL_BROKEN /* it does not compile, or hazard itself failed: nothing can be said until that is mended */
};
enum cell_fate cell_fate(const struct program_report *program, const struct cell *cell);

/* "found 3/3", "silent". */
const char *cell_rate(void *owner, const struct result *result);

/* "found (data-race) or silent"; "" for a cell without expectation. */
const char *cell_expected(void *owner, const struct cell *cell);

/* "expected found (data-race), got silent 3/3"; "" for a cell without expectation. */
const char *cell_difference(void *owner, const struct cell *cell);

/* The colour in which a verdict is shown, or "". */
const char *cell_colour(const struct style *style, const struct cell *cell);

#endif
