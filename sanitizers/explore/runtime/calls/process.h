/* SPDX-License-Identifier: MIT */
/* Calls that ask for the state of the process, or set it. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_PROCESS_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_PROCESS_H

#include <stdint.h>

/* A thread's priority or processors are set, or asked for: one execution may not do both. */
void process_scheduling_set(uintptr_t pc);
void process_scheduling_asked(uintptr_t pc);

#endif
