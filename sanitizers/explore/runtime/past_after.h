/* SPDX-License-Identifier: MIT */
/* What is after each access of the past that the race detector remembers. */
#ifndef HAZARD_EXPLORE_RUNTIME_PAST_AFTER_H
#define HAZARD_EXPLORE_RUNTIME_PAST_AFTER_H

#include "explore/search/search.h"

struct fingerprint past_after_print(void);

#endif
