/* SPDX-License-Identifier: MIT */
/*
 * A mapping of a YAML file, held against the table of its keys and read into a struct. One step
 * does both, so what is wrong is told with its line, with what is known, and with the nearest word.
 */
#ifndef HAZARD_CATALOG_SCHEMA_H
#define HAZARD_CATALOG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "hazard/catalog/yaml_file.h"
#include "hazard/nearest.h"

/* What a value must be, and what it becomes in C. Texts stay those of the file's document. */
enum schema_form {
    SCHEMA_TEXT,     /* const char *, not blank */
    SCHEMA_WORD,     /* int or an enum: one of `words` */
    SCHEMA_FLAG,     /* bool: true or false */
    SCHEMA_NUMBER,   /* int */
    SCHEMA_TEXTS,    /* const char *const *, NULL-terminated, below the file */
    SCHEMA_MAPPING,  /* const yaml_node_t *, to be read by a table of its own */
    SCHEMA_MAPPINGS, /* const yaml_node_t *: a list of such */
};

struct schema_words {
    size_t count;
    word_at *at; /* at(words, i): how word i is spelled */
    const void *words;
    const int *values; /* of each word; NULL: its number */
};

/* A table ends with a key without a name. */
struct schema_key {
    const char *name;
    enum schema_form form;
    bool required;
    size_t offset; /* of the member it fills; that of an absent key stays as it is */
    const struct schema_words *words;
    size_t least; /* entries of a list; if not 0, its texts may not be blank either */
};

/*
 * Reads the mapping `node` into the struct `target` (NULL: it is checked only). `name` is the key
 * that it stands under, NULL for the whole file. -1 and the file's error for the first unknown,
 * repeated or missing key, for a list where a word belongs, for an unknown word.
 */
int schema_read(struct yaml_file *file, const struct schema_key *keys, const char *name,
                const yaml_node_t *node, void *target);

/* What schema_read does for one value of its own, for mappings whose keys are no fixed words. */
int schema_read_text(struct yaml_file *file, const char *name, const yaml_node_t *node,
                     const char **text);

/* -1 if the value of `name` is of another type. */
int schema_need(struct yaml_file *file, const char *name, const yaml_node_t *node,
                yaml_node_type_t type);

/* "unknown WHAT 'TEXT', did you mean ...", at the node that has the text. Returns -1. */
int schema_reject_word(struct yaml_file *file, const char *what, const yaml_node_t *node,
                       word_at *at, const void *words, size_t count);

#endif
