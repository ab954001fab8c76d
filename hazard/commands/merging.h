/* SPDX-License-Identifier: MIT */
/*
 * What the shards of a search came to, joined: a proof takes all of them, a finding one. Read from what
 * `hazard explore --shard=K/N --json` printed.
 */
#ifndef HAZARD_COMMANDS_MERGING_H
#define HAZARD_COMMANDS_MERGING_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"
#include "report/verdict.h"

/* One program in one file. */
struct share {
    const char *file, *program, *verdict_word, *detail;
    const json_t *entry; /* all that is said of it */
    enum verdict verdict;
    int number, of; /* shard 2 of 3 */
    bool done;
    const char *identity, *plan, *up_to; /* as sharing.h and beginnings.h say */
};

/* What came of one program. */
struct merged {
    const char *program, *up_to, *detail;
    enum verdict verdict;
    const struct share *shares; /* by number */
    size_t count;
    const struct share *decides; /* whose finding it is; NULL: nobody's */
    long long executions, blocked, steps;
    long long states,
        state_steps; /* 0: executions were counted; else one that several met counts for each */
    double seconds;
    json_t *assumptions;
    json_t *warnings; /* of all shards, each once */
};

/* The programs of all files, in order, below `owner`. Each file must be of another shard of the same search. -1
 * and *error. */
int merging_read(void *owner, char **files, size_t file_count, struct merged **programs,
                 size_t *count, struct error *error);

#endif
