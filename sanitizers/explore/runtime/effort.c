/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/effort.h"
#include "explore/runtime/execution.h"

/* How many steps of dpor a step over states takes, and a process for an execution alone (measured); and how many
 * of an execution dpor looks at in that time, as it does look at those that were made before. */
enum { STATE = 20, PROCESS = 50000, LOOKED_AT = 32 };

void effort_spend(int made) {
    int64_t spent =
        control->strategy->states ? (int64_t)made * STATE : made + execution.index / LOOKED_AT;
    if (lasting->touched)
        spent += PROCESS;
    __atomic_add_fetch(&control->effort, spent, __ATOMIC_RELAXED);
}

/* Of several workers each has as much as one alone. */
void effort_look(void) {
    int64_t jobs = shared->config.jobs > 1 ? shared->config.jobs : 1, most = shared->config.effort;
    if (most > 0 && control->phase == PHASE_SEARCH && control->effort / jobs >= most)
        control->weary = control->stop = 1;
}
