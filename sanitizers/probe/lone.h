/* SPDX-License-Identifier: MIT */
/* Is one client served that is alone? If not, nothing can be held against the server when two are. */
#ifndef HAZARD_PROBE_LONE_H
#define HAZARD_PROBE_LONE_H

#include "probe/probing.h"

/*
 * Fills report->unsupported if it is not, with why and what to do; unless a signal killed the server:
 * that is its fault in any protocol, and for the steps to find. -1 and *error if hazard itself failed.
 */
int lone_ask(struct probing *probing, struct error *error);

#endif
