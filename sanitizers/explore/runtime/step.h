/* SPDX-License-Identifier: MIT */
/*
 * The kernel as a fiber sees it: operations, choices, sleep, the end. `step` stands for itself
 * everywhere: it is the one gate through which all that others can see must go.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_STEP_H
#define HAZARD_EXPLORE_RUNTIME_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "explore/runtime/fiber.h"
#include "explore/search/search.h"

/*
 * Announces the calling thread's next operation and returns when the search lets it happen: guards
 * hold, deltas are added, nobody else moves until the next call. `address` and `pc` are for people;
 * pc: the return address into the program.
 */
void step(const struct op *op, const void *address, uintptr_t pc);

/* The calling thread waits until all but the latest `left` stores have left its store buffer: as step()
 * does where an operation needs it. */
void step_drain(int left, uintptr_t pc);

/* Said just before a later step() or step_sleep() of a hook (its hook_frame, from before the first; NULL: says
 * nothing). How the hook goes on then hangs on nothing but what it was called with, the step itself, the
 * world, and `rest` (not 0): so the runtime's own frames are no part of the state. */
void step_rest(char *hook, uint32_t rest);

/* Within the step just granted: it came out as less (a trylock that failed only read). Replaces
 * access `index`'s mode and delta (the state is corrected). */
void step_amend(int index, enum mode mode, int32_t delta);
/* It wrote what was there already (a spinning exchange): wakes nobody who awaits a change. */
void step_same(void);
void step_failed(void);          /* marks it in the trace */
void step_unordered(void);       /* it hangs on what need not happen before it: past_after.c */
void step_asks_end(void);        /* it hangs on whether a thread has ended */
void step_refused(void);         /* both */
void step_value(uint64_t value); /* likewise */

/* Within the step just granted, at most once: 0 ... n-1. */
int step_choose(int n, int kind); /* enum choice of search.h */

/* Within the step just granted: the caller sleeps until somebody wakes it; returns when the
 * operation that step_wake() gave it is granted. `timed`: when nothing else can move, the sleeper
 * with the earliest deadline is woken with OP_TIMEOUT; then it returns false. */
bool step_sleep(bool timed, uint64_t deadline);
void step_wake(struct fiber *fiber, const struct op *next);

/* Within an atomic block, which is one step: it does more than keep other blocks away. */
void step_is_whole(void);

void step_stop_for_debugger(void); /* if the step just granted is the one to stop at */

/* The calling thread ends, within its last step. */
_Noreturn void step_end_fiber(void);

/* The process ends with that status, within an OP_EXIT step. */
_Noreturn void step_exit(int status);

_Noreturn void step_leave(enum ending how); /* from a fiber: the execution is over */

#endif
