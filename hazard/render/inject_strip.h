/* SPDX-License-Identifier: MIT */
/* The points of an injection as one line of characters. */
#ifndef HAZARD_RENDER_INJECT_STRIP_H
#define HAZARD_RENDER_INJECT_STRIP_H

#include <stddef.h>
#include <stdio.h>

#include "inject/walk/injection.h"

/*
 * One character for each bucket of instructions, by the worst that happens in it,
 * over `width` columns; NUL-terminated, below `owner`. "" if there are no points.
 */
const char *inject_strip(void *owner, const struct injection *injection, size_t width);

/* What each character means: "D deadlock"; NULL for one that the strip does not use. */
const char *inject_strip_word(char mark);

/* As wide as $COLUMNS or the terminal that `out` is, else 80. */
size_t inject_strip_width(FILE *out);

#endif
