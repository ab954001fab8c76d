/* SPDX-License-Identifier: MIT */
/*
 * How a program is made, whatever it is made for: its C files, the words for each, and the words
 * for the link. What a flavour adds is not in it.
 */
#ifndef HAZARD_CC_RECIPE_H
#define HAZARD_CC_RECIPE_H

#include <stddef.h>

#include "base/fail.h"
#include "hazard/cc/cc_words.h"
#include "report/frame.h"

struct recipe_unit {
    const char *source;       /* absolute */
    const char *folder;       /* where the compiler runs; NULL: where we stand */
    const char *const *words; /* NULL-terminated; may be NULL */
};

struct recipe {
    const struct recipe_unit *units;
    size_t unit_count;
    const char *folder;      /* where the linker runs; NULL: where we stand */
    const char *const *link; /* behind the objects; NULL-terminated; may be NULL */
};

/* Of C files that are all compiled alike. `words` may be NULL. */
struct recipe recipe_of_sources(void *owner, const struct sources *sources,
                                const struct cc_words *words);

/* The files, below `owner`, each once. */
struct sources recipe_sources(void *owner, const struct recipe *recipe);

/* `path` as it is meant in that folder, which may be NULL. */
const char *recipe_path(void *owner, const char *folder, const char *path);

#endif
