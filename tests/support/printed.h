/* SPDX-License-Identifier: MIT */
/* What a renderer prints, as a string: `render(printing(), what)`, then `printed()`. */
#ifndef TESTS_PRINTED_H
#define TESTS_PRINTED_H

#include <stdio.h>

/* A stream into memory; one at a time. */
FILE *printing(void);

/* Closes it. All that was written to it, below `owner`. */
char *printed(void *owner);

#endif
