/* SPDX-License-Identifier: MIT */
/*
 * What programs are told under the detectors that have options in the catalogue: smaller arguments
 * (NAME-args: every schedule of two rounds is tried, or every instruction of three lines, not of
 * ten thousand) and options (NAME-options).
 */
#ifndef HAZARD_CATALOG_CATALOG_OPTIONS_H
#define HAZARD_CATALOG_CATALOG_OPTIONS_H

#include "hazard/catalog/schema.h"

enum { CATALOG_OPTIONS_EXPLORE, CATALOG_OPTIONS_INJECT, CATALOG_OPTIONS_COUNT };

/* Of a hazard or of a program, for one detector; a member is NULL where the key is not given. */
struct catalog_own {
    const char *const *args;
    const yaml_node_t *options;
};

/* The keys of those below, in a table of schema.h for a struct with the member `own`. */
#define CATALOG_OPTIONS_KEYS(structure)                                                            \
    {.name = "explore-args",                                                                       \
     .form = SCHEMA_TEXTS,                                                                         \
     .offset = offsetof(structure, own[CATALOG_OPTIONS_EXPLORE].args)},                            \
        {.name = "explore-options",                                                                \
         .form = SCHEMA_MAPPING,                                                                   \
         .offset = offsetof(structure, own[CATALOG_OPTIONS_EXPLORE].options)},                     \
        {.name = "inject-args",                                                                    \
         .form = SCHEMA_TEXTS,                                                                     \
         .offset = offsetof(structure, own[CATALOG_OPTIONS_INJECT].args)},                         \
        {.name = "inject-options",                                                                 \
         .form = SCHEMA_MAPPING,                                                                   \
         .offset = offsetof(structure, own[CATALOG_OPTIONS_INJECT].options)}

/* Which of them a detector has; -1: none. */
int catalog_options_index(const char *detector);

/* Holds own[...].options, where they are given, against the options that the detectors have. */
int catalog_options_check(struct yaml_file *file, const struct catalog_own own[]);

/* Pairs of words, NULL-terminated, below the file: the first options, and then the second, which
 * overrule them. Either may be NULL. */
const char *const *catalog_options_join(struct yaml_file *file, const yaml_node_t *first,
                                        const yaml_node_t *second);

#endif
