/* SPDX-License-Identifier: MIT */
/* Wrapped text. Widths count code points, which is good enough for what our reports say. */
#ifndef HAZARD_RENDER_LAYOUT_H
#define HAZARD_RENDER_LAYOUT_H

#include <stddef.h>
#include <stdio.h>

/* In columns. PAGE_WIDTH: where nobody says how wide the page is. */
enum { PAGE_WIDTH = 80, COLUMN_GAP = 2 };

/* How wide `out` is: as $COLUMNS says or the terminal that it is, else PAGE_WIDTH; but not less than
 * `least`, and not more than `most`. */
size_t layout_page(FILE *out, size_t least, size_t most);

/* The same for text that is read line by line. */
size_t layout_prose(FILE *out);

/* How many columns it takes. */
size_t layout_width(const char *text);

/* `text` in lines of at most `width` columns, broken at blanks: the length of the first one. */
size_t layout_break(const char *text, size_t width);

/* Prints `text`, wrapped, from column `indent` (where the cursor stands) on, with a newline. A
 * word that is longer than a line stays whole: it is a path, or a name of the user's. */
void layout_paragraph(FILE *out, size_t indent, const char *text);

#endif
