/* SPDX-License-Identifier: MIT */
/* Which files there are, and which hazard each belongs to. */
#ifndef HAZARD_CATALOG_CATALOG_NAMES_H
#define HAZARD_CATALOG_CATALOG_NAMES_H

#include <stddef.h>

#include "base/fail.h"

/* Of all hazards (the files in catalog/) or programs, sorted. */
struct catalog_names {
    const char **items;
    size_t count;
};

/*
 * The names of the files *SUFFIX of a folder, without the suffix, sorted, below `owner`. -1 if it
 * cannot be read.
 */
int catalog_names_read(void *owner, const char *folder, const char *suffix,
                       struct catalog_names *names, struct error *error);

/*
 * The hazard that buggy/STEM.c or fixed/STEM.c belongs to: the longest name that STEM is, or begins
 * with and goes on with a dash. NULL if there is none.
 */
const char *catalog_names_owner(const struct catalog_names *names, const char *stem, size_t length);

#endif
