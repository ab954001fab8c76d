/* SPDX-License-Identifier: MIT */
/* One catalogue file, read and checked. Private to the catalogue (catalog.h is its face). */
#ifndef HAZARD_CATALOG_CATALOG_FILE_H
#define HAZARD_CATALOG_CATALOG_FILE_H

#include "hazard/catalog/catalog.h"
#include "hazard/catalog/catalog_names.h"

/* Reads root/catalog/NAME.yaml, one of `names`. NULL and *error as catalog_load. */
struct hazard *catalog_file_read(void *owner, const char *root, const struct catalog_names *names,
                                 const char *name, struct error *error);

#endif
