/* SPDX-License-Identifier: MIT */
/* Two copies run to their end without the signal: what both print is what is compared. */
#ifndef HAZARD_INJECT_WALK_UNDISTURBED_H
#define HAZARD_INJECT_WALK_UNDISTURBED_H

#include "inject/walk/walk_state.h"

/* Of the program at its start: fills walk->reference, counts the calls of `until`, and lets copies
 * take as long as these runs took, several times over. -1 and *walk->error, or walk->report says
 * why it cannot be walked. */
int undisturbed_learn(struct walk *walk);

#endif
