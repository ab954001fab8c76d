/* SPDX-License-Identifier: MIT */
/* Process ids: the program is told ours, the kernel is asked with its own. */
#ifndef HAZARD_INJECT_FAMILY_PROCESS_IDS_H
#define HAZARD_INJECT_FAMILY_PROCESS_IDS_H

#include "inject/family/asking.h"

/* Of a family whose process ids are ours. */
extern const struct asking_taker process_ids_takers[];

/* Of the call that is asked for: the kernel gets its own number in place of that argument. Always
 * false: the kernel is to do the call. */
bool process_ids_translate(struct asking *asking, int index);

/* The call has returned: our numbers in place of the kernel's. */
void process_ids_finish_call(struct family *family, struct task *task, long call);

/* A signal is about to be delivered: our number of the process that sent it or is its reason. */
void process_ids_name_sender(struct family *family, const struct task *task);

#endif
