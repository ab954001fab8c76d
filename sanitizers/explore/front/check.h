/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_FRONT_CHECK_H
#define HAZARD_EXPLORE_FRONT_CHECK_H

#include "base/fail.h"
#include "explore/shared.h"

/*
 * Can what the program left in the shared memory be read without harm? It lay within reach of the
 * program under test, which may have written anything there. All texts are known and terminated. -1
 * and *error: the first number that cannot be.
 */
int check_shared(struct shared *shared, struct error *error);

#endif
