/* SPDX-License-Identifier: MIT */
/*
 * The options of a detector, each described once: in a table from which the command line (argp),
 * the catalogue's keys, the schedule file's keys and the command that repeats a run derive.
 *
 * A table ends with an option without a name. Its options are members of one struct.
 */
#ifndef HAZARD_OPTION_H
#define HAZARD_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"

/* What the option's value may be, and so what its member is. */
enum option_value {
    VALUE_FLAG,    /* bool: "true" or "false" */
    VALUE_INT,     /* int: a whole number from min to max */
    VALUE_INT64,   /* int64_t or uint64_t: the same */
    VALUE_SECONDS, /* double: from 0.1 to 10,000,000 */
    VALUE_TEXT,    /* const char *: any text, which must live as long as the options */
    VALUE_WORD,    /* const char *: one of `words` */
    VALUE_ENUM     /* an enum: the index of one of `words` */
};

/* Whether what repeats a run says it: a schedule file, the command for one point. */
enum option_record {
    RECORD_NEVER,
    RECORD_IF_SET, /* where it is not the default */
    RECORD_ALWAYS
};

struct detector_option {
    const char *name;     /* on the command line and in the catalogue, without dashes */
    const char *formerly; /* NULL, or an earlier name, which the command line still takes */
    int key;              /* a short option's letter, or 0 */
    const char *argument; /* what the help calls its value: "N"; NULL: it is given alone */
    const char *alone;    /* its value when it is given alone; NULL: it may not be */
    const char *help;     /* NULL: it is not on the command line */
    int group;            /* of the help: options of one group stand together */

    bool in_catalog; /* the catalogue may say it */
    enum option_record record;
    const char *record_name; /* what it is called there; NULL: as it is here */

    enum option_value value;
    size_t offset;    /* of its member */
    int64_t min, max; /* of VALUE_INT and VALUE_INT64 */
    const char
        *below; /* of VALUE_INT: the word for min - 1, which is not said as a number; or NULL */
    const char *const *words; /* of VALUE_WORD and VALUE_ENUM; NULL-terminated */

    /* Of a member that is more than its value says: how that is read into it (see option_set_as),
     * and how it is written (see option_text). NULL: as it is done for all. */
    int (*take)(const struct detector_option *option, const char *shown, void *options,
                const char *value, struct error *error);
    const char *(*text)(void *owner, const void *options);

    const char *const *strategies; /* NULL-terminated: only these strategies have a use for it;
                                      NULL: all have */
};

/* How many it has. */
size_t option_count(const struct detector_option *table);

/* The option of that name, or that was called so formerly; NULL: none. */
const struct detector_option *option_find(const struct detector_option *table, const char *name);

/* The one that is called so where runs are recorded; NULL: none. */
const struct detector_option *option_find_recorded(const struct detector_option *table,
                                                   const char *name);

/* What it is called there. */
const char *option_record_name(const struct detector_option *option);

/* Sets the option's member of the struct at `options`. -1 and *error: "--seed takes...". */
int option_set(const struct detector_option *option, void *options, const char *value,
               struct error *error);

/* The same for an option that the user knows by another name than "--seed". */
int option_set_as(const struct detector_option *option, const char *shown, void *options,
                  const char *value, struct error *error);

/* Sets what the pairs say: a name, its value, ..., NULL. `pairs` may be NULL. -1 and *error. */
int option_set_pairs(const struct detector_option *table, void *options, const char *const *pairs,
                     struct error *error);

/* Those of the pairs that the table knows, below `owner`; NULL: none. Both may be NULL. */
const char *const *option_pairs_known(void *owner, const struct detector_option *table,
                                      const char *const *pairs);

/* The member's value, as option_set takes it; below `owner` or of longer life. NULL: a text that is
 * not set. */
const char *option_text(void *owner, const struct detector_option *option, const void *options);

/* Whether a record of `options` says it, where `defaults` are those of the detector. */
bool option_is_recorded(const struct detector_option *option, const void *options,
                        const void *defaults);

/* For `take`: a whole number from the option's min to its max. -1 and *error. */
int option_whole_number(const struct detector_option *option, const char *shown, const char *value,
                        int64_t *to, struct error *error);

/* "random, pct and pos", of words that end with NULL, with " and " as the last separator. */
void option_join(char *text, size_t size, const char *const *words, const char *last);

#endif
