/* SPDX-License-Identifier: MIT */
/* A schedule file is read, and whatever is not as it should be refused. */
#ifndef HAZARD_EXPLORE_FRONT_SCHEDULE_PARSE_H
#define HAZARD_EXPLORE_FRONT_SCHEDULE_PARSE_H

#include "explore/front/schedule.h"

/* What schedule_text has written. NULL and *error: "FILE:LINE: what". `name` is the file's, for
 * that. */
struct schedule *schedule_parse(void *owner, const char *name, const char *text,
                                struct error *error);

/* The same of a file. */
struct schedule *schedule_read(void *owner, const char *path, struct error *error);

#endif
