/* SPDX-License-Identifier: MIT */
/*
 * Fingerprints: hashes of 128 bits (XXH3) and their sums (AdHash; Bellare & Micciancio, EUROCRYPT 1997), so that
 * what did not change has not to be looked at again.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_FINGERPRINT_H
#define HAZARD_EXPLORE_RUNTIME_FINGERPRINT_H

#include <stddef.h>

#include "explore/search/search.h"

/* `place` tells equal bytes in different places apart. */
struct fingerprint fingerprint_of(const void *bytes, size_t size, uint64_t place);

/* Of two numbers: never 0. */
struct fingerprint fingerprint_pair(uint64_t a, uint64_t b);

static inline void fingerprint_add(struct fingerprint *sum, struct fingerprint part) {
    sum->low += part.low;
    sum->high += part.high;
}

static inline void fingerprint_subtract(struct fingerprint *sum, struct fingerprint part) {
    sum->low -= part.low;
    sum->high -= part.high;
}

#endif
