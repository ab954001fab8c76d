/* SPDX-License-Identifier: MIT */
/*
 * Holds explore against the interpreter, program by program. The rules:
 *
 *   the interpreter                explore must say
 *   no failure                     proved, if the assertion allows all outcomes; found assertion, if it
 *                                  forbids one of them
 *   a data race                    found; with --races=ignore the rest, as without it
 *   another failure                found; with --keep-going each kind, and no other; and an assertion,
 *                                  just if it forbids an outcome. A livelock beside a deadlock need
 *                                  not be told
 *
 * Kinds: a lost wake-up is a deadlock. A cycle in which some go round while others wait for ever may
 * be called a livelock or a deadlock. `bounded` is no answer; it is counted.
 */
#ifndef HAZARD_TESTS_SOAK_COMPARE_H
#define HAZARD_TESTS_SOAK_COMPARE_H

#include "tests/soak/ask.h"

struct soak_subject {
    const struct soak_program *program;
    const struct soak_truth *truth;
    const struct soak_model *model;
    const char *binary; /* its name in the workshop's folder */
    int number;         /* within that */
};

struct soak_comparison {
    int undecided;        /* questions */
    char difference[400]; /* empty: none */
    char how[400];        /* the question: options and arguments */
};

/* The model of a program: explore's bounds are chosen at random, by its seed. */
void soak_model_choose(const struct soak_program *program, enum soak_memory memory,
                       struct soak_model *model);

void soak_compare(struct soak_workshop *workshop, const struct soak_subject *subject,
                  struct soak_comparison *comparison);

#endif
