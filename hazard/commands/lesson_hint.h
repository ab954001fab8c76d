/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_COMMANDS_LESSON_HINT_H
#define HAZARD_COMMANDS_LESSON_HINT_H

#include "hazard/result.h"

/* One line on where the catalogue tells of what was found; nothing if it does not, or if what was
 * checked are several hazards. */
void lesson_hint_print(const struct suite_report *report);

#endif
