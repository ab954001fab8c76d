/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_PROBE_SERVE_H
#define HAZARD_PROBE_SERVE_H

#include "probe/probing.h"

/*
 * Waits until the clients are served (session_wait). If one has to wait, that is a finding, about
 * the first of them.
 */
enum waited serve(struct probing *probing, struct session *session, struct probe_step_report *step);

#endif
