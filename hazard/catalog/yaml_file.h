/* SPDX-License-Identifier: MIT */
/*
 * A YAML file with the position of everything in it (libyaml's document), so that what is wrong can
 * be told with its line.
 */
#ifndef HAZARD_CATALOG_YAML_FILE_H
#define HAZARD_CATALOG_YAML_FILE_H

#include <yaml.h>

#include "base/fail.h"

struct yaml_file {
    const char *label; /* how messages name the file: "catalog/counter.yaml" */
    const char *text;
    yaml_document_t document;
    struct error *error; /* what yaml_reject fills; may be NULL */
};

/* Reads `path`, which must hold exactly one document; freeing the file frees that, texts and all. NULL and *error, with the line. */
struct yaml_file *yaml_open(void *owner, const char *path, const char *label, struct error *error);

yaml_node_t *yaml_root(struct yaml_file *file);

/* What a mapping has under `key` (the first, if it is there twice), what a sequence has at `index`;
 * NULL if `node` has no such thing. */
const yaml_node_pair_t *yaml_pair(struct yaml_file *file, const yaml_node_t *node, const char *key);
yaml_node_t *yaml_value(struct yaml_file *file, const yaml_node_t *node, const char *key);
yaml_node_t *yaml_item(struct yaml_file *file, const yaml_node_t *node, size_t index);

/* The text of a scalar; "" for anything else. */
const char *yaml_text(const yaml_node_t *node);

/* Fills the file's error with "LABEL:LINE: ..." (NULL: line 1) and returns -1. */
int yaml_reject(struct yaml_file *file, const yaml_node_t *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
