/* SPDX-License-Identifier: MIT */
/* The memory that is shared with a program under test (explore/shared.h), as hazard makes it. */
#ifndef HAZARD_EXPLORE_FRONT_REGION_H
#define HAZARD_EXPLORE_FRONT_REGION_H

#include "base/fail.h"
#include "explore/front/explore_options.h"
#include "explore/shared.h"

/*
 * The memory that the program is to share, with the options in its config: for those who start the
 * program in their own way (under gdb). `fd` closes on exec until its owner says otherwise; the
 * mapping and the descriptor end with `owner`.
 */
struct explore_region {
    struct shared *shared;
    int fd;
    const char *environment; /* "HAZARD_EXPLORE=5": how the program finds it */
};
int region_open(void *owner, const struct explore_options *options, struct explore_region *region,
                struct error *error);

#endif
