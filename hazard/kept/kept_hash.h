/* SPDX-License-Identifier: MIT */
/* Hashes that two different things do not share by chance: XXH3, 128 bits (libxxhash). */
#ifndef HAZARD_KEPT_KEPT_HASH_H
#define HAZARD_KEPT_KEPT_HASH_H

#include <stddef.h>

/* 32 hexadecimal digits. */
struct kept_hash {
    char digits[33];
};

struct kept_hash kept_hash_of(const void *bytes, size_t size);

#endif
