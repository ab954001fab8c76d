/* SPDX-License-Identifier: MIT */
/* At one point: a copy is made, the signal comes, and how that ends is noted. */
#ifndef HAZARD_INJECT_WALK_ATTEMPT_H
#define HAZARD_INJECT_WALK_ATTEMPT_H

#include "inject/walk/walk_state.h"

/* Where the walked process stands; with `inside` in the call in which it sleeps. */
void attempt_point(struct walk *walk, bool inside, struct board_point *point);

/* The signal, or both of them (options->second), to a copy. */
void attempt_signals(const struct walk *walk, struct family *copy);

#endif
