/* SPDX-License-Identifier: MIT */
/* System calls that the kernel must not, or not quite, do as it is asked. */
#ifndef HAZARD_INJECT_FAMILY_CALLING_H
#define HAZARD_INJECT_FAMILY_CALLING_H

#include "inject/family/family.h"

/* The call at which the task stands: answers or refuses it and returns true, or returns false when
 * the kernel is to do it, as it says in *asked. */
bool calling_answers(struct family *family, struct task *task, struct cpu *asked);

#endif
