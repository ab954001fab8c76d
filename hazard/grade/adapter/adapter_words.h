/* SPDX-License-Identifier: MIT */
/* What stands for the assignment in the files of adapters: @TITLE@... */
#ifndef HAZARD_GRADE_ADAPTER_ADAPTER_WORDS_H
#define HAZARD_GRADE_ADAPTER_ADAPTER_WORDS_H

#include <stdbool.h>

#include "hazard/grade/assignment.h"

/*
 * `text` with each @WORD@ replaced, below `owner`:
 *   ASSIGNMENT   the name of a hazard of the suite (`ready`), or "assignment"
 *   TITLE        what stands in a JSON string
 *   POINTS       a number
 *   HANDIN       the name of the one file that is handed in, or "handin.tar"
 *   FILES        the names of the files, as a list in JSON
 *   REQUIRE      the same as check50's !require and !include
 *   CHECKS       "races (5), at-once (3)"
 *   CHECKS_JSON  [["races", "No data race"], ...]
 */
const char *adapter_words_put(void *owner, const char *text, const struct assignment *assignment,
                              bool ready);

#endif
