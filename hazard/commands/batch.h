/* SPDX-License-Identifier: MIT */
/*
 * What `explore`, `inject` and `probe` do alike: they judge the programs that the words name, one
 * after the other, and print a result for each, as text or as JSON. Each command is a table of
 * functions.
 */
#ifndef HAZARD_COMMANDS_BATCH_H
#define HAZARD_COMMANDS_BATCH_H

#include <jansson.h>
#include <stdio.h>

#include "hazard/commands/naming.h"

/* One program of a batch. */
struct batch_job {
    const struct target *target;
    const char *root;         /* file names below it are shown relative to it */
    const char *build_folder; /* where it is built */
    const char *said;         /* out: what the compiler said of a program that does not compile */
};

/* `options` are the command's own. A result is `result_size` bytes, zero at first. */
struct batch_command {
    size_t result_size;

    /* Takes away what cannot be judged; NULL: nothing. -1 and *error: a target is refused, or none
     * is left. */
    int (*choose)(const void *options, struct targets *targets, struct error *error);

    /* Judges one program. -1 and *error when hazard could not: the result is printed all the same,
     * and is the last one. */
    int (*judge)(const void *options, struct batch_job *job, void *result, struct error *error);

    void (*print)(FILE *out, const void *result); /* nothing for a failure */
    json_t *(*json)(const void *result);          /* new reference */
    int (*exit_code)(const void *result);         /* EXIT_CLEAN, EXIT_HAZARD or EXIT_UNDECIDED */
};

/*
 * Judges and prints them all, until one cannot be judged or the user interrupts. Returns the
 * command's exit code, and has said on stderr what went wrong.
 */
int batch_run(const struct batch_command *command, const struct naming *naming, const void *options,
              bool json);

/* What `print` says of a result for people, as one string: new reference. */
json_t *batch_text_json(void (*print)(FILE *out, const void *result), const void *result);

/* Prints {"programs": [...]}, what every command that judges programs prints. Takes `programs`. */
void batch_print_json(FILE *out, json_t *programs);

#endif
