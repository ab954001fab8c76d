/* SPDX-License-Identifier: MIT */
/*
 * With which versions of the C library and of the tools an expectation holds: `where` of a catalogue
 * file, "{glibc: '>=2.37', valgrind: '>=3.19 <3.24'}".
 */
#ifndef HAZARD_CATALOG_CATALOG_WHERE_H
#define HAZARD_CATALOG_CATALOG_WHERE_H

#include <stdbool.h>

#include "base/versions.h"
#include "hazard/catalog/yaml_file.h"

/* By the numbers of base/versions.h. */
struct where {
    struct where_range {
        int oldest, below; /* from the one on, and older than the other */
        const char *text;  /* as it was written; NULL: any version, and none */
    } ranges[VERSIONS_COUNT];
};

/* Below `file`; NULL and the file's error for what is no such mapping. */
const struct where *catalog_where_read(struct yaml_file *file, const yaml_node_t *node);

/* Are those the versions? What is not there has no version that is meant. */
bool catalog_where_holds(const struct where *where, version_at *version);

/* "glibc >=2.37, valgrind >=3.19 <3.24". Below `owner`. */
const char *catalog_where_words(void *owner, const struct where *where);

#endif
