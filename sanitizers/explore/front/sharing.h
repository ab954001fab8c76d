/* SPDX-License-Identifier: MIT */
/* A search that is shared among several runs of hazard, which know nothing of each other: --shard. */
#ifndef HAZARD_EXPLORE_FRONT_SHARING_H
#define HAZARD_EXPLORE_FRONT_SHARING_H

#include "explore/front/explore.h"

/* Can it be shared with these options? -1 and *error. */
int sharing_check(const struct explore_options *options, struct error *error);

/* A hash of the program, its arguments and the options that a verdict rests on. -1 and *error. */
int sharing_identity(const struct subject *subject, const struct explore_options *options,
                     uint64_t *identity, struct error *error);

#endif
