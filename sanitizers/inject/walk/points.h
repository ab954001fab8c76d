/* SPDX-License-Identifier: MIT */
/*
 * The points of a walk.
 *
 * A point is a stop before an instruction at which the signal has a handler or is blocked; or, with
 * child_exit, at which a child of the first process is held, or could go on. While the signal is blocked it only
 * becomes pending: so one copy stands for the whole stretch up to the next call that could see the
 * difference. A call that sleeps is one more point, and one more
 * after all that others do meanwhile: the copy is let into the call first. An
 * instruction with a rep prefix has one point for each iteration: it can be interrupted between
 * them.
 */
#ifndef HAZARD_INJECT_WALK_POINTS_H
#define HAZARD_INJECT_WALK_POINTS_H

#include "inject/walk/walk_state.h"

/* Is there something to interrupt where the walked process stands, or sleeps? */
bool points_any_here(const struct walk *walk);

/* If so: tries the points before this instruction, or inside this call. */
void points_before_instruction(struct walk *walk);
void points_inside_call(struct walk *walk);

/* The next point begins a blocked stretch of its own. */
void points_end_stretch(struct walk *walk);

#endif
