/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_EXPLORE_SEARCH_DPOR_WAKEUP_H
#define HAZARD_EXPLORE_SEARCH_DPOR_WAKEUP_H

#include "explore/search/dpor/sequence.h"

/*
 * Adds to the wakeup tree at the first of `roots` that execution in which all that comes after the
 * roots is left out, and `late` comes without them. If it is covered by what is there already,
 * returns NULL, and tells in `unsettled` if that rests on what comes after `late`.
 */
struct node *wakeup_insert(struct branch *branch, const struct late *late, int root_count,
                           bool *unsettled);

#endif
