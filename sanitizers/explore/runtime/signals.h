/* SPDX-License-Identifier: MIT */
/* The signals that the worker itself needs. */
#ifndef HAZARD_EXPLORE_RUNTIME_SIGNALS_H
#define HAZARD_EXPLORE_RUNTIME_SIGNALS_H

void signals_start(void); /* crashes, first writes, the watchdog */

#endif
