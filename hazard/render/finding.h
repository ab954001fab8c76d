/* SPDX-License-Identifier: MIT */
/* One finding for people. */
#ifndef HAZARD_RENDER_FINDING_H
#define HAZARD_RENDER_FINDING_H

#include <stdio.h>

#include "report/finding.h"

/* Prints kind, message, a line for each location with its source line, a column for each actor. */
void finding_print(FILE *out, size_t indent, const struct finding *finding,
                   const struct sources *sources, const char *root);

/* "data-race: words, at buggy/counter.c:31". */
const char *finding_headline(void *owner, const struct finding *finding,
                             const struct sources *sources, const char *root);

#endif
