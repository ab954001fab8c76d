/* SPDX-License-Identifier: MIT */
/*
 * The soak: makes programs, holds explore against the interpreter, shrinks what differs.
 */
#ifndef HAZARD_TESTS_SOAK_SOAK_H
#define HAZARD_TESTS_SOAK_SOAK_H

#include "tests/soak/compare.h"

struct soak_job {
    uint64_t seed; /* of the first program */
    int count;     /* of programs */
    int step;      /* from one seed to the next */
    enum soak_memory memory;
    unsigned groups; /* what they may be made of */
    bool shrink;
    const char *kept; /* the folder for programs that differ; NULL: they are not kept */
};

struct soak_tally {
    long programs, too_large, outcomes, failing, undecided, questions, differences, states;
};

/* Differences are printed as they come. */
void soak_run(struct soak_workshop *workshop, const struct soak_job *job, struct soak_tally *tally);

#endif
