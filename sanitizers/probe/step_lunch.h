/* SPDX-License-Identifier: MIT */
/* Client 1 keeps the server waiting. Is client 2 served meanwhile? */
#ifndef HAZARD_PROBE_STEP_LUNCH_H
#define HAZARD_PROBE_STEP_LUNCH_H

#include "probe/probing.h"

/* Client 1 says nothing. */
probe_step_player step_lunch;

/* Client 1 stops in the middle of a line. */
probe_step_player step_partial_line;

#endif
