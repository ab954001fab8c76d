/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RENDER_STYLE_H
#define HAZARD_RENDER_STYLE_H

#include <stdio.h>

/* Colours for a terminal, or empty strings. See https://no-color.org. */
struct style {
    const char *bold, *dim, *red, *green, *yellow, *cyan, *reset;
};

/* Colours if the stream is a terminal that takes them. */
const struct style *style_for(FILE *stream);

#endif
