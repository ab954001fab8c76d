/* SPDX-License-Identifier: MIT */
/* How the server of a session ended: before SIGTERM that is a finding. */
#ifndef HAZARD_PROBE_OUTCOME_H
#define HAZARD_PROBE_OUTCOME_H

#include "probe/probing.h"

/*
 * Ends a session whose server does not listen: it cannot be probed, unless an
 * earlier step shows that it can.
 */
void outcome_report_deaf(struct probing *probing, struct session *session,
                         struct probe_step_report *step);

/*
 * Ends the session, and reports what its end shows: a crash (its line comes from playing the step
 * again under ptrace), an end by itself, a limit. -1 and *error if hazard itself failed.
 */
int outcome_report(struct probing *probing, struct session *session, struct probe_step_report *step,
                   probe_step_player *again, struct error *error);

#endif
