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
    CATALOG_OPTIONS_KEY("explore-args", SCHEMA_TEXTS, structure,                                   \
                        own[CATALOG_OPTIONS_EXPLORE].args),                                        \
        CATALOG_OPTIONS_KEY("explore-options", SCHEMA_MAPPING, structure,                          \
                            own[CATALOG_OPTIONS_EXPLORE].options),                                 \
        CATALOG_OPTIONS_KEY("inject-args", SCHEMA_TEXTS, structure,                                \
                            own[CATALOG_OPTIONS_INJECT].args),                                     \
        CATALOG_OPTIONS_KEY("inject-options", SCHEMA_MAPPING, structure,                           \
                            own[CATALOG_OPTIONS_INJECT].options)
#define CATALOG_OPTIONS_KEY(key, value_form, structure, member)                                    \
    { .name = (key), .form = (value_form), .offset = offsetof(structure, member) }

/* Which of them a detector has; -1: none. */
int catalog_options_index(const char *detector);

/* Holds own[...].options, where they are given, against the options that the detectors have. */
int catalog_options_check(struct yaml_file *file, const struct catalog_own own[]);

/* Pairs of words, NULL-terminated, below the file: the first options, and then the second, which
 * overrule them. Either may be NULL. */
const char *const *catalog_options_join(struct yaml_file *file, const yaml_node_t *first,
                                        const yaml_node_t *second);

#endif
