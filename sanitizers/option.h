/* SPDX-License-Identifier: MIT */
/*
 * The options of a detector, each described once: in a table from which the command line (argp),
 * the catalogue's options and the setter derive.
 */
#ifndef HAZARD_OPTION_H
#define HAZARD_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

/* What the option's member is, and so what its value may be. */
enum option_value {
    VALUE_FLAG,    /* bool: "true" or "false" */
    VALUE_INT,     /* int: a whole number from min to max */
    VALUE_INT64,   /* int64_t or uint64_t: the same */
    VALUE_SECONDS, /* double: from 0.1 to 10,000,000 */
    VALUE_TEXT,    /* const char *: any text, which must live as long as the options */
    VALUE_OTHER    /* `take` reads it */
};

struct detector_option {
    const char *name;     /* on the command line and in the catalogue, without dashes */
    int key;              /* a short option's letter, or 0 */
    const char *argument; /* what the help calls its value: "N"; NULL: it is given alone */
    bool optional;        /* it may be given alone, though it has an argument */
    const char *alone;    /* its value when it is given alone: "true" */
    const char *help;     /* NULL: it is not on the command line */
    int group;            /* of the help: options of one group stand together */

    enum option_value value;
    size_t offset;    /* of its member */
    int64_t min, max; /* of VALUE_INT and VALUE_INT64 */
    int (*take)(void *options, const char *value, struct error *error); /* of VALUE_OTHER */
    const char *const *strategies; /* NULL-terminated: only these strategies have a use for it;
                                      NULL: all have */
};

/* The option of that name in a table that ends with an option without a name; NULL: none. */
const struct detector_option *option_find(const struct detector_option *table, const char *name);

/* Sets the option's member of the struct at `options`. -1 and *error: "--seed takes...". */
int option_set(const struct detector_option *option, void *options, const char *value,
               struct error *error);

/* For `take`: a whole number from min to max. -1 and *error. */
int option_whole_number(const char *name, const char *value, int64_t min, int64_t max, int64_t *to,
                        struct error *error);

#endif
