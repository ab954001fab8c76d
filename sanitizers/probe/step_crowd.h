/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_PROBE_STEP_CROWD_H
#define HAZARD_PROBE_STEP_CROWD_H

#include "probe/probing.h"

/* Many clients at once: each must get its own lines back, and all of them. */
probe_step_player step_crowd;

#endif
