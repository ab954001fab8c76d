/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_FRONT_SCHEDULE_FLAG_H
#define HAZARD_EXPLORE_FRONT_SCHEDULE_FLAG_H

#include <stdbool.h>

/* May a schedule say this word to the compiler? A schedule may come from anywhere, and some words
 * make a compiler run other programs, or write files. An option and its value are one word. */
bool schedule_flag_is_harmless(const char *word);

#endif
