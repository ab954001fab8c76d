/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_BASE_CLOCK_H
#define HAZARD_BASE_CLOCK_H

/* Seconds on a clock that never jumps; only differences mean something. */
double clock_seconds(void);

#endif
