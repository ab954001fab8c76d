/* SPDX-License-Identifier: MIT */
/*
 * A system call is executed, by a single step. A task that does not come back from that step and
 * sleeps waits for somebody: only one task runs at a time, so nobody is about to wake it.
 */
#ifndef HAZARD_INJECT_FAMILY_EXECUTE_H
#define HAZARD_INJECT_FAMILY_EXECUTE_H

#include "inject/family/family.h"

/* The call at which `task` stands, as *asked. Afterwards it is READY, ASLEEP or ENDED. */
void execute_call(struct family *family, struct task *task, const struct cpu *asked);

/* Waits until the task, which is in a call, has come back or sleeps. `may_sleep`: it may do so at
 * once. */
void execute_settle(struct family *family, struct task *task, bool may_sleep);

#endif
