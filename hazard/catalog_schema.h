/* SPDX-License-Identifier: MIT */
/*
 * The form of catalog/NAME.yaml: which keys, of which types, with which words. Private to the
 * catalogue.
 */
#ifndef HAZARD_CATALOG_SCHEMA_H
#define HAZARD_CATALOG_SCHEMA_H

#include <cyaml/cyaml.h>

#include "hazard/catalog.h"
#include "hazard/yaml_file.h"

/* How many detectors `expect` knows; their names are the keys of expect_fields in catalog_schema.c.
 */
enum { CATALOG_DETECTORS = 6 };

/* What libcyaml fills. A pointer is NULL where an optional key is not given. */
struct raw_expectation {
    enum verdict verdict;
    enum verdict *alternative;
    enum kind *kind;
    const char *reason;
    int *executions;
};

/* The words that options of explore can have; all in one, told apart by the schema. */
enum explore_word {
    WORD_STOP,
    WORD_REPORT,
    WORD_IGNORE,
    WORD_DPOR,
    WORD_DFS,
    WORD_BOUND,
    WORD_RANDOM,
    WORD_PCT,
    WORD_POS,
    WORD_COUNT
};

struct raw_options {
    enum explore_word *strategy, *races;
    int *spurious, *executions, *steps, *bound, *seed, *seconds;
};

struct raw_program {
    const char *path;
    const char *about;
    enum kind *kind;
    const char **explore_args;
    unsigned explore_args_count;
    struct raw_options *explore_options;
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
    const char **explore_args;
    unsigned explore_args_count;
    struct raw_options *explore_options;
    bool server;
    int *diff;
    struct raw_program *programs;
    unsigned programs_count;
};

/* A mapping with the fields of struct raw_hazard. */
extern const cyaml_schema_value_t catalog_schema;

/* The detectors in the order of raw_program.expect. */
const char *catalog_detector(size_t index);

const char *catalog_explore_word(enum explore_word word);

/*
 * Holds the document against the schema: unknown, repeated and missing keys, a list where a word
 * belongs, unknown words. -1 and the file's error for the first thing that is wrong.
 */
int schema_check(struct yaml_file *file);

#endif
