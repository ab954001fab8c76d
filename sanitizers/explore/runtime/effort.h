/* SPDX-License-Identifier: MIT */
/* What a search takes, in steps: the same number on every machine, so it may end a search that nobody set an end to. */
#ifndef HAZARD_EXPLORE_RUNTIME_EFFORT_H
#define HAZARD_EXPLORE_RUNTIME_EFFORT_H

/* After an execution, so many steps of which were made here and now. */
void effort_spend(int made);

/* What was granted is used up: then the search stops. */
void effort_look(void);

#endif
