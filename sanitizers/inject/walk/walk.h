/* SPDX-License-Identifier: MIT */
/*
 * The walk: the program, one instruction at a time, and at each point of it the question to a copy.
 */
#ifndef HAZARD_INJECT_WALK_WALK_H
#define HAZARD_INJECT_WALK_WALK_H

#include "inject/walk/walk_state.h"
#include "subject.h"

/* Starts the program and walks to the end; walk->report has what was found. -1 if it cannot be
 * walked: *walk->error is set if hazard failed, else report->unsupported or report->interrupted. */
int walk_run(struct walk *walk, const struct subject *subject);

/* Ends all processes. */
void walk_end(struct walk *walk);

#endif
