/* SPDX-License-Identifier: MIT */
/* What is shown of the place where a finding stands. */
#ifndef HAZARD_RENDER_SHOWN_H
#define HAZARD_RENDER_SHOWN_H

#include "report/location.h"

/* The program's own frame, else the innermost one; NULL if the location has no frame at all. */
const struct frame *shown_frame(const struct location *location, const struct sources *sources);

/* Relative to `root` if it lies below it; "?" for NULL. A clean line. */
const char *shown_path(void *owner, const char *root, const char *file);

/* That line of the file, a clean line; NULL if there is none to be read. */
const char *shown_line(void *owner, const char *file, int line);

/* From now on no line of the files below that folder (absolute) is shown: a teacher's. It outlives the process. */
void shown_conceal(const char *folder);
bool shown_conceals(const char *file);

#endif
