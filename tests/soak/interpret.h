/* SPDX-License-Identifier: MIT */
/*
 * All that a program can come to: every interleaving, state by state, each state once.
 */
#ifndef HAZARD_TESTS_SOAK_INTERPRET_H
#define HAZARD_TESTS_SOAK_INTERPRET_H

#include <stddef.h>

#include "tests/soak/machine.h"

/* How an execution can fail without an assertion: bits. */
enum {
    SOAK_RACES = 1,
    SOAK_DEADLOCKS = 2, /* nobody can move */
    SOAK_LIVELOCKS = 4, /* a fair cycle, and all that have not ended go round */
    SOAK_MIXED = 8      /* a fair cycle, and somebody waits for ever: either word is right */
};

struct soak_truth {
    bool complete; /* else there were too many states, and the rest means nothing */
    unsigned failures;
    uint8_t (*outcomes)[SOAK_OUTCOME]; /* sorted */
    size_t outcome_count, state_count;
};

enum { SOAK_STATES = 300000 /* more are too many */ };

void soak_interpret(const struct soak_program *program, const struct soak_model *model,
                    struct soak_truth *truth);
void soak_truth_free(struct soak_truth *truth);

bool soak_truth_has(const struct soak_truth *truth, const uint8_t outcome[SOAK_OUTCOME]);

#endif
