/* SPDX-License-Identifier: MIT */
/* The reasons that a hazard's file names once (`reasons:`) and refers to by `because: NAME`. */
#ifndef HAZARD_CATALOG_CATALOG_REASONS_H
#define HAZARD_CATALOG_CATALOG_REASONS_H

#include <stdbool.h>

#include "hazard/catalog/yaml_file.h"

struct catalog_reasons {
    struct yaml_file *file;
    const yaml_node_t *named; /* NAME: text; NULL: none */
    bool *used;               /* one for each of them */
};

/* Checks the mapping `named` (NULL: none) of `file`: texts, and no name twice. -1 and the file's
 * error. */
int catalog_reasons_read(struct yaml_file *file, const yaml_node_t *named,
                         struct catalog_reasons *reasons);

/* The text of the reason whose name `node` gives; NULL and the file's error that offers the nearest
 * name. */
const char *catalog_reasons_find(struct catalog_reasons *reasons, const yaml_node_t *node);

/* -1 and the file's error for the first reason that nobody has asked for. */
int catalog_reasons_check_used(const struct catalog_reasons *reasons);

#endif
