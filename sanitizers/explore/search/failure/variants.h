/* SPDX-License-Identifier: MIT */
/* The variants of a schedule that might need fewer context switches. */
#ifndef HAZARD_EXPLORE_SEARCH_FAILURE_VARIANTS_H
#define HAZARD_EXPLORE_SEARCH_FAILURE_VARIANTS_H

#include "explore/search/failure/plan.h"

/* The kinds of variant; see variants.c. Those that change much come first. */
enum variant {
    VARIANT_GROUP,
    VARIANT_DROP,
    VARIANT_EXTEND,
    VARIANT_JOIN,
    VARIANT_DELAY,
    VARIANT_PLAIN,
    VARIANT_COUNT
};

/* Builds in `made` the variant of `old` at segments at ... at+size-1 (PLAIN: at item `at`). */
void variants_make(const struct plan *old, const struct segments *segments, enum variant variant,
                   int at, int size, struct plan *made);

#endif
