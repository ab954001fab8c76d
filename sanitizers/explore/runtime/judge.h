/* SPDX-License-Identifier: MIT */
/* When does an execution fail? The judges that need nothing but the view of the kernel. */
#ifndef HAZARD_EXPLORE_RUNTIME_JUDGE_H
#define HAZARD_EXPLORE_RUNTIME_JUDGE_H

#include <stdbool.h>

#include "explore/runtime/fiber.h"
#include "explore/shared.h"

void judge_fail(
    struct shared_finding *finding); /* the execution fails so: sets `ending`, keeps it */
bool judge_overtaking(const struct fiber *fiber); /* after its step; true: too often */
bool judge_recurrence(struct fiber *fiber);       /* true: the execution is over */
void judge_exit(void);
/* The state is what it was after that many steps. */
void judge_around(int since);
void judge_stuck(void); /* nobody can move */

#endif
