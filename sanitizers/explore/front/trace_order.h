/* SPDX-License-Identifier: MIT */
/* What of a trace surely happened before what. */
#ifndef HAZARD_EXPLORE_FRONT_TRACE_ORDER_H
#define HAZARD_EXPLORE_FRONT_TRACE_ORDER_H

#include "explore/shared.h"

/*
 * The last step of `actor` that happens before what step `index` is followed by in its own thread,
 * as far as locks, semaphores, creation and joins tell; -1: none does.
 */
int trace_last_ordered(const struct shared *shared, int actor, int index);

#endif
