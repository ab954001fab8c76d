/* SPDX-License-Identifier: MIT */
/* Executions that do not end: they are cut off, which is no fault of the program's, but no proof either. */
#ifndef HAZARD_EXPLORE_RUNTIME_CUT_H
#define HAZARD_EXPLORE_RUNTIME_CUT_H

#include <stdbool.h>
#include <stdint.h>

/* After a step of the calling thread: it was one too many. */
void cut_steps(uintptr_t pc);
/* ... or it closed a circle, which the program may leave by other values that it asks for. */
void cut_round(uintptr_t pc);

/* Is the time over that was granted to the search? Then it stops. */
bool cut_at_deadline(void);

/* Behind that step of that actor a computation was cut off before: so others go first. */
bool cut_is_known(int actor, uintptr_t pc);

/* So many ticks of processor time the calling thread has now computed without coming to an operation: is that too
 * long? Then its execution ends, at pc. */
enum { CUT_TICKS = 10 }; /* a second */
bool cut_is_due(int ticks);
void cut_computation(int ticks, uintptr_t pc);

#endif
