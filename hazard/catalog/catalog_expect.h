/* SPDX-License-Identifier: MIT */
/* What a program is expected to bring: `expect` of a catalogue file, read and checked. */
#ifndef HAZARD_CATALOG_CATALOG_EXPECT_H
#define HAZARD_CATALOG_CATALOG_EXPECT_H

#include "hazard/catalog/catalog.h"
#include "hazard/catalog/catalog_reasons.h"
#include "hazard/catalog/schema.h"

/* The kinds of findings, for the keys `kind`. */
extern const struct schema_words catalog_expect_kinds;

/* The detectors that `expect` knows, in its order; NULL for an index that is none. */
const char *catalog_expect_detector(size_t index);

/*
 * Reads the mapping `expect` into the expectations of `program`, whose role is known. A key is a
 * detector or a list of some; `kind` is what they call the bug where the expectation does not say
 * otherwise. -1 and the file's error.
 */
int catalog_expect_read(struct yaml_file *file, const yaml_node_t *expect, enum kind kind,
                        struct catalog_reasons *reasons, struct program *program);

#endif
