/* SPDX-License-Identifier: MIT */
/*
 * Asks `hazard explore`: builds a source, runs one question, reads the answer's JSON.
 */
#ifndef HAZARD_TESTS_SOAK_ASK_H
#define HAZARD_TESTS_SOAK_ASK_H

#include "tests/soak/emit.h"

/* Kinds of findings, beside those of enum in interpret.h: bits. */
enum { SOAK_ASSERTIONS = 16, SOAK_OTHERS = 32 };

enum soak_verdict { SOAK_PROVED, SOAK_FOUND, SOAK_BOUNDED, SOAK_NO_ANSWER };

struct soak_answer {
    enum soak_verdict verdict;
    unsigned kinds;
    long executions;
    double seconds;
    bool ends_in_nothing; /* `bounded`, but the search came to its end */
    char words[200];      /* what explore says beside its verdict */
};

struct soak_workshop {
    const char *hazard; /* the command */
    const char *folder; /* scratch, with the binary that was built last */
    const char *flags;  /* for the compiler */
    int outcomes;       /* that are asked for, of each program */
    int executions;     /* of dpor, for each question */
    long questions;     /* so far */
};

/* Makes NAME.c and the binary NAME in the folder. False: it does not compile, and stderr says why. */
bool soak_build(const struct soak_workshop *workshop, const char *name,
                const struct soak_emitted *programs, int count);

/* `words`: options, then "--", then arguments. */
void soak_ask(struct soak_workshop *workshop, const char *name, const char *options,
              const char *arguments, struct soak_answer *answer);

extern const char *const soak_verdict_names[];

#endif
