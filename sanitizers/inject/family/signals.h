/* SPDX-License-Identifier: MIT */
/* Signals: between members, from outside, and what their delivery means. */
#ifndef HAZARD_INJECT_FAMILY_SIGNALS_H
#define HAZARD_INJECT_FAMILY_SIGNALS_H

#include "inject/family/asking.h"

/* Calls that send one. */
extern const struct asking_taker signals_takers[];

/* A signal to the first process, as from outside. Ends its nap. */
void signals_send(struct family *family, int number);

/* Is that one, which is about to be delivered, to be dropped for another (family->merges)? */
bool signals_is_merged(struct family *family, const struct task *task, int number);

/* `task` stands where that signal is about to be delivered. */
void signals_note_delivery(struct family *family, struct task *task, int number);

/* Sends the delayed signal at that index, whose receiver lives; those before it are dropped. */
void signals_release(struct family *family, size_t index);

#endif
