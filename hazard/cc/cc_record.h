/* SPDX-License-Identifier: MIT */
/*
 * How a program was made is written into it, so that it can be made again for another detector.
 *
 * `hazard cc` adds to each object a section with the source, the folder and the words; the linker
 * puts together those of all objects that it takes, out of archives, too, and one with the words of
 * the link. So the record goes where the program goes, whatever that is called, and names no object
 * that is not in it. It is not loaded: the program is the same with it and without.
 */
#ifndef HAZARD_CC_CC_RECORD_H
#define HAZARD_CC_CC_RECORD_H

#include <stdbool.h>

#include "hazard/cc/recipe.h"

struct cc_record {
    struct recipe recipe;
    const char *const *hashes; /* of the sources, as they were when they were compiled */
};

/* Below `owner`; NULL: the program has none, or not that of the link. */
const struct cc_record *cc_record_read(void *owner, const char *binary);

/* -1 and *error: a source is not what it was, so that the program would not be the same. */
int cc_record_check(const struct cc_record *record, struct error *error);

/* Adds to the object file that it was compiled from that source, here, by those words; `scratch` is
 * an empty folder. False: it has none now. */
bool cc_record_add_unit(const char *object, const char *source, const char *const *words,
                        const char *scratch);

/* Makes a copy of an object file that says by what words the program was linked, here. */
bool cc_record_add_link(const char *object, const char *copy, const char *const *words,
                        const char *scratch);

#endif
