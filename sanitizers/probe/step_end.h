/* SPDX-License-Identifier: MIT */
/* How a server takes SIGTERM. */
#ifndef HAZARD_PROBE_STEP_END_H
#define HAZARD_PROBE_STEP_END_H

#include "probe/probing.h"

/* One silent client, which the server may be blocked on when the signal comes. */
probe_step_player step_end;

/* After outcome_report: how the server took the signal. */
void step_end_report(struct probing *probing, const struct session *session,
                     struct probe_step_report *step);

#endif
