/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/hash.h"

static inline uint64_t word_at(const char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline uint64_t stir(uint64_t lane, uint64_t word) {
    lane = (lane ^ word) * UINT64_C(0x9fb21c651e98df25);
    return lane << 29 | lane >> 35;
}

/* Four lanes side by side: a multiplication takes long, but they overlap. Written out, since a loop
 * over the lanes keeps them in memory. */
uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size) {
    const char *at = bytes;
    uint64_t a = hash, b = hash + 1, c = hash + 2, d = hash + 3, rest = 0;
    for (; size >= 32; size -= 32, at += 32) {
        a = stir(a, word_at(at));
        b = stir(b, word_at(at + 8));
        c = stir(c, word_at(at + 16));
        d = stir(d, word_at(at + 24));
    }
    for (; size >= 8; size -= 8, at += 8)
        a = stir(a, word_at(at));
    for (; size > 0; size--, at++)
        rest = rest << 8 | (uint8_t)*at;
    hash = stir(stir(stir(stir(stir(hash, a), b), c), d), rest);
    return hash ^ hash >> 32;
}
