/* SPDX-License-Identifier: MIT */
/*
 * What the program's labels (hazard_reach) came to. Where one is searched for (--reach), that a schedule comes there is
 * the good outcome, and a complete search in which none does is the other.
 */
#ifndef HAZARD_EXPLORE_FRONT_REACHING_H
#define HAZARD_EXPLORE_FRONT_REACHING_H

#include "explore/front/explore.h"

enum reaching {
    REACHING_NOT,      /* nothing is searched for, or it was not decided: the verdict says it */
    REACHING_REACHED,  /* there is a way, and no failure was found */
    REACHING_UNREACHED /* it was proved that there is none */
};
enum reaching reaching_of(const struct explore_outcome *outcome,
                          const struct explore_options *options);

/* "found", "proved", "reached"... */
const char *reaching_verdict(const struct explore_outcome *outcome,
                             const struct explore_options *options);

/* -1 and *error, if the program has no such label as is searched for. */
int reaching_check(const struct shared *shared, const struct explore_options *options,
                   struct error *error);

/* "; never reached: `two`"; "" without labels. Below `owner`. */
const char *reaching_labels(void *owner, const struct explore_outcome *outcome);

#endif
