/* SPDX-License-Identifier: MIT */
/* What `hazard show` takes from the programs themselves. */
#ifndef HAZARD_RENDER_LESSON_H
#define HAZARD_RENDER_LESSON_H

#include <stdio.h>

#include "base/fail.h"

/*
 * The losing interleaving: the table with a column for each actor in the header comment of
 * this C file, each line with its newline, below `owner`. "" if there is none; NULL and
 * *error if the file cannot be read.
 */
const char *lesson_interleaving(void *owner, const char *file, struct error *error);

enum lesson_colour { LESSON_PLAIN, LESSON_COLOUR };

/* Prints `diff -u` of two files below `root` on standard output, named as given. -1 and *error. */
int lesson_diff(const char *root, const char *before, const char *after, enum lesson_colour colour,
                struct error *error);

#endif
