/* SPDX-License-Identifier: MIT */
/*
 * Calls with a time-out: tried without waiting, and put off if that gives nothing; then the time is
 * up on the family's clock, or the call is tried again when others have done something.
 */
#ifndef HAZARD_INJECT_FAMILY_TIMED_H
#define HAZARD_INJECT_FAMILY_TIMED_H

#include "inject/family/family.h"

/* True if the call at which `task` stands is one with a time-out, and done, or put off. */
bool timed_takes(struct family *family, struct task *task);

/* One that was put off and whose task `retries`: has it something by now? */
void timed_retry(struct family *family, struct task *task);

/* The nap of `task` is over: the clock moves there. */
void timed_nap_over(struct family *family, struct task *task);

#endif
