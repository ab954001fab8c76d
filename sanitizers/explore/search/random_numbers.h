/* SPDX-License-Identifier: MIT */
/* Random numbers that are the same everywhere: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
#ifndef HAZARD_EXPLORE_SEARCH_RANDOM_NUMBERS_H
#define HAZARD_EXPLORE_SEARCH_RANDOM_NUMBERS_H

#include <stdint.h>

struct numbers {
    uint64_t state;
};

static inline uint64_t numbers_next(struct numbers *numbers) {
    uint64_t z = numbers->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* The stream-th sequence of a seed. */
static inline struct numbers numbers_of(uint64_t seed, uint64_t stream) {
    struct numbers mix = {stream};
    struct numbers numbers = {seed ^ numbers_next(&mix)};
    numbers.state = numbers_next(&numbers);
    return numbers;
}

/* 0 ... n-1, n > 0. The bias is below n / 2^32. */
static inline int numbers_below(struct numbers *numbers, int n) {
    return (int)((numbers_next(numbers) >> 32) * (uint64_t)n >> 32);
}

#endif
