/* SPDX-License-Identifier: MIT */
/* Two ways to leave that servers are surprised by. */
#ifndef HAZARD_PROBE_STEP_CLOSE_H
#define HAZARD_PROBE_STEP_CLOSE_H

#include "probe/probing.h"

/* One client ends its writing side and reads on. */
probe_step_player step_half_close;

/* Clients leave in mid-echo, some with a reset; then one more comes. */
probe_step_player step_reset;

#endif
