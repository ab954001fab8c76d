/* SPDX-License-Identifier: MIT */
/* The origin of client 1 fails the proxy. Is client 2 served, whose origin does not? */
#ifndef HAZARD_PROBE_STEP_ORIGIN_H
#define HAZARD_PROBE_STEP_ORIGIN_H

#include "probe/probing.h"

/* It stops in the middle of its answer, and goes on when client 2 is served. */
probe_step_player step_slow_origin;

/* It does not answer; then it closes the connection. */
probe_step_player step_silent_origin;

/* It resets the connection in the middle of its answer. */
probe_step_player step_resetting_origin;

#endif
