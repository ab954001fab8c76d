/* SPDX-License-Identifier: MIT */
/*
 * Time, as the program has it: a clock of the family's own, so that every run reads the same. It
 * moves when somebody has slept, and a little at each look.
 */
#ifndef HAZARD_INJECT_FAMILY_VIRTUAL_CLOCK_H
#define HAZARD_INJECT_FAMILY_VIRTUAL_CLOCK_H

#include <time.h>

#include "inject/family/asking.h"

/* Calls that read a clock, set ITIMER_REAL, or sleep. */
extern const struct asking_taker virtual_clock_takers[];

/* Nanoseconds until that time; < 0: it is over. */
int64_t virtual_clock_until(const struct family *family, clockid_t clock,
                            const struct timespec *time);

/* The timer of `task`, which is set, expires. */
void virtual_clock_expire(struct family *family, struct task *task);

/* That of the first process does, before its time: false if it is not set. */
bool virtual_clock_expire_early(struct family *family);

#endif
