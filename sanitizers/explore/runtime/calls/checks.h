/* SPDX-License-Identifier: MIT */
/*
 * The functions whose answer hangs on the values of their arguments: see CHECKS in table.h. Each file of
 * this folder defines some of them; dispatch.c calls them.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_CHECKS_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_CHECKS_H

#include "explore/runtime/calls/visit.h"

#define X(name) void check_##name(struct visit *visit);
CHECKS(X)
#undef X

#endif
