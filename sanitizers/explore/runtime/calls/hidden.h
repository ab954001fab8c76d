/* SPDX-License-Identifier: MIT */
/* Hidden state of the library. */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_HIDDEN_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_HIDDEN_H

#include <stdbool.h>

#include "explore/runtime/calls/visit.h"

void hidden_touch(struct visit *visit, enum hidden hidden, bool write);
void hidden_variables_find(void); /* the library's, where programs see them: once, before main */

#endif
