/* SPDX-License-Identifier: MIT */
/* Where a failure comes from. */
#ifndef HAZARD_EXPLORE_RUNTIME_EXPLAIN_H
#define HAZARD_EXPLORE_RUNTIME_EXPLAIN_H

#include "explore/shared.h"

/* Adds to the traced finding where it comes from. */
void explain_finding(struct shared_finding *finding);

#endif
