/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_PROBE_STEP_LEAKS_H
#define HAZARD_PROBE_STEP_LEAKS_H

#include "probe/probing.h"

/*
 * What stays behind in the server when clients have come and gone? Makes sessions of its own. -1
 * and *error if hazard itself failed.
 */
int step_leaks(struct probing *probing, struct probe_step_report *step, struct error *error);

#endif
