/* SPDX-License-Identifier: MIT */
/* Wrapped text. Widths count code points, which is good enough for what our reports say. */
#ifndef HAZARD_RENDER_LAYOUT_H
#define HAZARD_RENDER_LAYOUT_H

#include <stddef.h>
#include <stdio.h>

/* In columns. */
enum { PAGE_WIDTH = 100, COLUMN_GAP = 2 };

/* How many columns it takes. */
size_t layout_width(const char *text);

/* `text` in lines of at most `width` columns, broken at blanks: the length of the first one. */
size_t layout_break(const char *text, size_t width);

/* Prints `text`, wrapped, from column `indent` (where the cursor stands) on, with a newline. */
void layout_paragraph(FILE *out, size_t indent, const char *text);

#endif
