/* SPDX-License-Identifier: MIT */
/* One finding for people. */
#ifndef HAZARD_RENDER_FINDING_H
#define HAZARD_RENDER_FINDING_H

#include <stdio.h>

#include "report/finding.h"

/* Prints kind, message, a line for each location with its source line, a column for each actor. */
void finding_print(FILE *out, size_t indent, const struct finding *finding,
                   const struct sources *sources, const char *root);

/* "the same at 2 further lines of add: 33, 34"; NULL: there are none. */
const char *finding_further(void *owner, const struct finding *finding);

/* "data-race: words, at buggy/counter.c:31". */
const char *finding_headline(void *owner, const struct finding *finding,
                             const struct sources *sources, const char *root);

#endif
