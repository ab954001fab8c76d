/* SPDX-License-Identifier: MIT */
#include "hazard/kept/kept_hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <xxhash.h>

struct kept_hash kept_hash_of(const void *bytes, size_t size) {
    XXH128_hash_t value = XXH3_128bits(bytes, size);
    struct kept_hash hash;
    snprintf(hash.digits, sizeof hash.digits, "%016" PRIx64 "%016" PRIx64, value.high64,
             value.low64);
    return hash;
}
