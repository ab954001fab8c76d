/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "explore/runtime/fingerprint.h"

struct fingerprint fingerprint_of(const void *bytes, size_t size, uint64_t place) {
    XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, size, place);
    return (struct fingerprint){hash.low64, hash.high64};
}

struct fingerprint fingerprint_pair(uint64_t a, uint64_t b) {
    const uint64_t both[2] = {a, b};
    XXH128_hash_t hash = XXH3_128bits(both, sizeof both);
    return (struct fingerprint){hash.low64, hash.high64};
}
