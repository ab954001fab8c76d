/* SPDX-License-Identifier: MIT */
/*
 * The schedule file: text that `hazard replay` runs again.
 *
 *   hazard schedule 1                         what it is, and the version of the format
 *   program: seat.c                           the header: a key, a colon, a value
 *   ...
 *   steps: 3
 *   1 0 0/0 | main thread creates thread 2    number, actor, alternative/of how many; the rest of
 *   2 1 0/0 | thread 2 starts                 the line is for people
 *   3 1 1/2 | thread 2 locks mutex `lock`
 *   end
 *
 * Lines that begin with # are comments. docs/explore.md lists the keys.
 */
#ifndef HAZARD_EXPLORE_FRONT_SCHEDULE_TEXT_H
#define HAZARD_EXPLORE_FRONT_SCHEDULE_TEXT_H

#include "explore/front/schedule.h"

/* The file's text, for file_replace. The same schedule gives the same bytes. */
char *schedule_text(void *owner, const struct schedule *schedule);

#endif
