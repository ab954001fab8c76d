/* SPDX-License-Identifier: MIT */
/*
 * What copies would do to each other, and to the user's files: thousands of copies share one file
 * system and one network. A call that changes a file, or talks to others, is refused by name.
 */
#ifndef HAZARD_INJECT_FAMILY_FILES_H
#define HAZARD_INJECT_FAMILY_FILES_H

#include "inject/family/asking.h"

/* Calls that may be harmless. */
extern const struct asking_taker files_takers[];

/* Any other call: true if it was refused. */
bool files_refuse_change(struct asking *asking);

#endif
