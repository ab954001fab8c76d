/* SPDX-License-Identifier: MIT */
/*
 * Random programs, the same for the same seed. They are made of phrases that make sense, as most
 * programs of random operations hang at once: what is locked gets unlocked, who waits on a condition
 * variable holds its mutex, and who sets a variable may signal that.
 */
#ifndef HAZARD_TESTS_SOAK_GENERATE_H
#define HAZARD_TESTS_SOAK_GENERATE_H

#include "tests/soak/program.h"

/* What programs may be made of. Each has some of these groups, at random. */
enum soak_group {
    SOAK_GROUP_ATOMICS,
    SOAK_GROUP_PLAIN,
    SOAK_GROUP_MUTEXES,
    SOAK_GROUP_CONDITIONS,
    SOAK_GROUP_SEMAPHORES,
    SOAK_GROUP_RWLOCKS,
    SOAK_GROUP_TIME,
    SOAK_GROUP_LOOPS,
    SOAK_GROUP_SPINS,
    SOAK_GROUP_CALLS,
    SOAK_GROUPS
};

extern const char *const soak_group_names[SOAK_GROUPS];

/* `groups`: a bit for each that is allowed. */
void soak_generate(struct soak_program *program, uint64_t seed, unsigned groups);

/* xorshift64* (Marsaglia 2003; Vigna 2016), for whoever chooses. */
uint64_t soak_random(uint64_t *state);
int soak_below(uint64_t *state, int n);

#endif
