/* SPDX-License-Identifier: MIT */
/* From a subject to a process that stands where its walk begins. */
#ifndef HAZARD_INJECT_WALK_START_H
#define HAZARD_INJECT_WALK_START_H

#include "inject/walk/walk_state.h"
#include "subject.h"

/* Starts the program, learns how it ends without the signal, and runs it to `from`. -1 and
 * *walk->error, or walk->report says why it cannot be walked. */
int start_at_from(struct walk *walk, const struct subject *subject);

#endif
