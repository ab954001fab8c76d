/* SPDX-License-Identifier: MIT */
/* The signal comes to a copy: it is sent, its timer expires, or a child ends. */
#ifndef HAZARD_INJECT_WALK_DELIVER_H
#define HAZARD_INJECT_WALK_DELIVER_H

#include "inject/walk/walk_state.h"

/* As the options want it. copy->end is set if it could not come. */
void deliver_signal(const struct walk *walk, struct family *copy);

#endif
