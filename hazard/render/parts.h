/* SPDX-License-Identifier: MIT */
/* What several renderers need. Private to render/ and to `hazard list` and `hazard show`. */
#ifndef HAZARD_RENDER_PARTS_H
#define HAZARD_RENDER_PARTS_H

#include "hazard/render/render.h"

/* clean.c: what tools and programs print is not to be trusted. */

/* Valid UTF-8: each wrong byte becomes U+FFFD, everything else stays. */
const char *clean_utf8(void *owner, const char *text);

/* The same as one line: line ends and tabs become a space, other control characters U+FFFD. No
 * blanks at its end. */
const char *clean_line(void *owner, const char *text);

/* place.c: where a finding stands. */

/* The program's own frame, else the innermost one; NULL if the location has no frame at all. */
const struct frame *shown_frame(const struct location *location, const struct sources *sources);

/* Relative to `root` if it lies below it; "?" for NULL. A clean line. */
const char *shown_path(void *owner, const char *root, const char *file);

/* That line of the file, a clean line; NULL if there is none to be read. */
const char *source_line(void *owner, const char *file, int line);

/* The hazard's programs stand together in a suite_report: past the last one of the group at
 * `first`. */
size_t group_end(const struct suite_report *report, size_t first);

/* cell.c: one verdict in words. */

/* What a cell means for a CI job. */
enum cell_fate {
    CELL_PASSED, /* as expected; in a user's program: nothing was found */
    CELL_FAILED, /* not as expected; in a user's program: something is wrong with it */
    CELL_SKIPPED /* nothing can be said: not run, or the detector cannot take this program */
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

/* layout.c, grid.c, actors.c: text for people. */

enum { PAGE_WIDTH = 100, COLUMN_GAP = 2 };

/* How many columns it takes. */
size_t text_width(const char *text);

/* `text` in lines of at most `width` columns, broken at blanks: the length of the first one. */
size_t wrap_length(const char *text, size_t width);

/* Prints `text`, wrapped, from column `indent` (where the cursor stands) on, with a newline. */
void print_wrapped(FILE *out, size_t indent, const char *text);

/* A table: cells are given row by row, and columns are as wide as their widest cell. */
struct grid;
struct grid *grid_new(void *owner, size_t columns);
void grid_cell(struct grid *grid, const char *text, const char *colour);
/* A line across all columns, between two rows; it takes no part in the widths. */
void grid_line(struct grid *grid, const char *text, const char *colour);
void grid_print(FILE *out, const struct grid *grid, size_t indent);

/* One step of one actor. */
struct actor_step {
    const char *actor;
    const char *words;
};

/*
 * A column for each actor, a row for each step: the form of the header comments in buggy/. Nothing
 * for a single actor, and nothing if there are too many for the page.
 */
void print_actors(FILE *out, size_t indent, const struct actor_step *steps, size_t count);

/* finding.c */

/* Kind, message, a line for each location with its source line, a column for each actor. */
void print_finding(FILE *out, size_t indent, const struct finding *finding,
                   const struct sources *sources, const char *root);

/* "data-race: words, at buggy/counter.c:31". */
const char *finding_headline(void *owner, const struct finding *finding,
                             const struct sources *sources, const char *root);

/* json.c */

/* {"kind", "message", "locations": [{"file", "line", "function", "actor"}]}. New reference. */
json_t *finding_json(const struct finding *finding, const struct sources *sources,
                     const char *root);

#endif
