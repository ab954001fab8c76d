/* SPDX-License-Identifier: MIT */
/* One catalogue file, read and checked. Private to the catalogue (catalog.h is its face). */
#ifndef HAZARD_CATALOG_FILE_H
#define HAZARD_CATALOG_FILE_H

#include "hazard/catalog/catalog.h"

struct raw_options;

/* The names of all hazards: those of the files in catalog/, sorted. */
struct hazard_names {
    const char **items;
    size_t count;
};

/*
 * The hazard that buggy/STEM.c or fixed/STEM.c belongs to: the longest name that STEM is, or begins
 * with and goes on with a dash. NULL if there is none.
 */
const char *names_owner(const struct hazard_names *names, const char *stem, size_t length);

/*
 * The names of the files *SUFFIX of a folder, without the suffix, sorted, below `owner`. -1 if it
 * cannot be read.
 */
int names_read(void *owner, const char *folder, const char *suffix, struct hazard_names *names,
               struct error *error);

/* Pairs of words, NULL-terminated: the hazard's, and then the program's, which overrule them.
 * Either
 * may be NULL. */
const char *const *catalog_options(void *owner, const struct raw_options *of_hazard,
                                   const struct raw_options *of_program);

/* Reads root/catalog/NAME.yaml. NULL and *error as catalog_load. */
struct hazard *catalog_file_read(void *owner, const char *root, const struct hazard_names *names,
                                 const char *name, struct error *error);

#endif
