/* SPDX-License-Identifier: MIT */
/* "Did you mean": the known word that a mistyped one is nearest to, and how to say so. */
#ifndef HAZARD_NEAREST_H
#define HAZARD_NEAREST_H

#include <stddef.h>

/* One of `count` words, by number, so that callers need not copy what they know into an array. */
typedef const char *word_at(const void *words, size_t index);

/*
 * The known word within a third of `word`'s length (but at least one) in single-letter edits:
 * insert, delete, replace, swap of neighbours. The first of the nearest ones; NULL if none is that
 * near.
 */
const char *nearest_word(const char *word, word_at *at, const void *words, size_t count);

/*
 * "unknown WHAT 'WORD', did you mean 'x'? (allowed: x, y, z)", below `owner`. `count` is not 0.
 */
const char *nearest_hint(void *owner, const char *what, const char *word, word_at *at,
                         const void *words, size_t count);

#endif
