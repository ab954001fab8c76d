/* SPDX-License-Identifier: MIT */
/*
 * The compiler's words beside a program's C files: "-Iinclude -O2 helper.o -lm", sorted by whom
 * they are for.
 */
#ifndef HAZARD_CC_CC_WORDS_H
#define HAZARD_CC_CC_WORDS_H

#include <stdbool.h>

#include "base/fail.h"

struct cc_words {
    const char *const *all;     /* as they were given; all lists end with NULL */
    const char *const *compile; /* for each C file */
    const char *const *link;    /* for the link, behind the objects */
    bool any_ending;            /* -x c: a C file may be called anything */
};

/* Sorts them; `words` ends with NULL, may be NULL. -1 and *error: one that no build can have. */
int cc_words_sort(void *owner, const char *const *words, struct cc_words *sorted,
                  struct error *error);

/* The -O that counts among words for a source (NULL: none), if it optimises: "-O2"; else NULL. */
const char *cc_words_level(const char *const *compile);

#endif
