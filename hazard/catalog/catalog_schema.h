/* SPDX-License-Identifier: MIT */
/*
 * The form of catalog/NAME.yaml: which keys, of which types, with which words. Private to the
 * catalogue.
 */
#ifndef HAZARD_CATALOG_SCHEMA_H
#define HAZARD_CATALOG_SCHEMA_H

#include <cyaml/cyaml.h>

#include "hazard/catalog/catalog.h"
#include "hazard/catalog/yaml_file.h"

/* How many detectors `expect` knows; their names are the keys of expect_fields in catalog_schema.c.
 */
enum { CATALOG_DETECTORS = 7 };

/* What libcyaml fills. A pointer is NULL where an optional key is not given. */
struct raw_expectation {
    enum verdict verdict;
    enum verdict *alternative;
    enum kind *kind;
    const char *reason;
    int *executions;
};

/* The words that options can have; all in one, told apart by the schema. */
enum option_word {
    WORD_STOP,
    WORD_REPORT,
    WORD_IGNORE,
    WORD_DPOR,
    WORD_DFS,
    WORD_BOUND,
    WORD_RANDOM,
    WORD_PCT,
    WORD_POS,
    WORD_FALSE,
    WORD_TRUE,
    WORD_COUNT
};

/* The options of all detectors that have some; the schema says which are whose. */
struct raw_options {
    enum option_word *strategy, *races, *child_exit, *any_output;
    const char *signal, *from, *until;
    int *spurious, *executions, *steps, *bound, *seed, *seconds, *twice, *points, *instructions,
        *allow_exit;
};

/* The detectors under which programs are run with words of their own: NAME-args, NAME-options. */
enum { WORDS_OF_EXPLORE, WORDS_OF_INJECT, OWN_WORDS };

struct raw_words {
    const char **args;
    unsigned args_count;
    struct raw_options *options;
};

struct raw_program {
    const char *path;
    const char *about;
    enum kind *kind;
    struct raw_words words[OWN_WORDS];
    struct raw_expectation *expect[CATALOG_DETECTORS];
};

struct raw_hazard {
    const char *title;
    enum family family;
    bool headline;
    const char *story;
    int cwe;
    enum kind kind;
    const char **actors;
    unsigned actors_count;
    const char **args;
    unsigned args_count;
    struct raw_words words[OWN_WORDS];
    bool server;
    int *diff;
    struct raw_program *programs;
    unsigned programs_count;
};

/* A mapping with the fields of struct raw_hazard. */
extern const cyaml_schema_value_t catalog_schema;

/* The detectors in the order of raw_program.expect. */
const char *catalog_detector(size_t index);

/* The detector of words[index]: its expectation is expect[...] of the same name. */
const char *catalog_words_of(size_t index);

const char *catalog_option_word(enum option_word word);

/*
 * Holds the document against the schema: unknown, repeated and missing keys, a list where a word
 * belongs, unknown words. -1 and the file's error for the first thing that is wrong.
 */
int schema_check(struct yaml_file *file);

#endif
