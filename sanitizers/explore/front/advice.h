/* SPDX-License-Identifier: MIT */
/* What to do now, where a search ended without a word on the program. */
#ifndef HAZARD_EXPLORE_FRONT_ADVICE_H
#define HAZARD_EXPLORE_FRONT_ADVICE_H

#include "explore/front/explore.h"

/* Of an outcome that is BOUNDED or UNSUPPORTED, for that reason (in words); else "". */
const char *advice_words(const struct explore_outcome *outcome,
                         const struct explore_options *options, const char *why);

#endif
