/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_PROBE_CLIENT_REPORT_H
#define HAZARD_PROBE_CLIENT_REPORT_H

#include "probe/probing.h"

/*
 * Adds to the step how far the client has come. Call it while the session's
 * latest look still shows why.
 */
void client_report(struct probing *probing, struct session *session, const struct peer *peer,
                   struct probe_step_report *step);

/* The same for a client that stands before the one of whom was told already. */
void client_report_first(struct probing *probing, struct session *session, const struct peer *peer,
                         struct probe_step_report *step);

#endif
