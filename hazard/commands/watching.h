/* SPDX-License-Identifier: MIT */
/* Waits until a file changes that a program is made of. */
#ifndef HAZARD_COMMANDS_WATCHING_H
#define HAZARD_COMMANDS_WATCHING_H

#include "hazard/suite/target.h"

/*
 * From now on changes are noted: of the targets' sources and what they include in quotes, of binaries and of the
 * input. Below `owner`; NULL and *error.
 */
struct source_watch *watching_new(void *owner, const struct targets *targets, struct error *error);

/* Of how many files. */
size_t watching_count(const struct source_watch *watching);

/* Returns once one of them was changed, at once if that was before. False: the user interrupts. */
bool watching_wait(struct source_watch *watching);

#endif
