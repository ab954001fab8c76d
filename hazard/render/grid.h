/* SPDX-License-Identifier: MIT */
/* A table: cells are given row by row, and columns are as wide as their widest cell. Where the page is too narrow for
 * that, cells are wrapped between words; no word is cut. */
#ifndef HAZARD_RENDER_GRID_H
#define HAZARD_RENDER_GRID_H

#include <stddef.h>
#include <stdio.h>

struct grid;

struct grid *grid_new(void *owner, size_t columns);
void grid_cell(struct grid *grid, const char *text, const char *colour);

/* A blank at which no cell is wrapped: no-break space. It is printed as a blank. */
#define GRID_GLUE "\u00a0"

/* A line across all columns, between two rows; it takes no part in the widths. */
void grid_line(struct grid *grid, const char *text, const char *colour);

void grid_print(FILE *out, const struct grid *grid, size_t indent);

#endif
