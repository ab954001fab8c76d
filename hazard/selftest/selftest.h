/* SPDX-License-Identifier: MIT */
/* `hazard grade --selftest`: does the sandbox hold on this machine? */
#ifndef HAZARD_SELFTEST_SELFTEST_H
#define HAZARD_SELFTEST_SELFTEST_H

#include <jansson.h>
#include <stdio.h>

#include "hazard/selftest/attempt.h"

enum selftest_answer {
    SELFTEST_CONTAINED,
    SELFTEST_NOT_CONTAINED,
    SELFTEST_NOT_TRIED /* the stand-in itself failed: a compiler is missing */
};

struct selftest_row {
    const struct attempt *attempt;
    const char
        *by; /* what contains it in this tier; NULL: nothing, and the tier does not promise it */
    enum selftest_answer answer;
    const char *said; /* "Permission denied"; what harm was seen */
};

struct selftest_tier {
    enum sandbox_tier tier;
    const char *words;   /* of the tier, as reports have it */
    const char *missing; /* why it cannot be had here; NULL: it can, and the rows are there */
    struct selftest_row *rows;
    size_t count;
};

struct selftest {
    struct selftest_tier tiers[SANDBOX_TIERS]; /* by tier; [SANDBOX_NONE] is empty */
    enum sandbox_tier used;                    /* the strongest that can be had: grading takes it */
};

/*
 * Tries everything in each tier that this user can have here, or in `wanted` alone. -1 and *error: hazard itself
 * failed. What it says lives below `owner`.
 */
int selftest_run(void *owner, enum sandbox_tier wanted, struct selftest *selftest,
                 struct error *error);

/* Is all contained that the tier promises? */
bool selftest_holds(const struct selftest_tier *tier);

void selftest_print(FILE *out, const struct selftest *selftest);
json_t *selftest_json(const struct selftest *selftest);

#endif
