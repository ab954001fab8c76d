/* SPDX-License-Identifier: MIT */
/* `hazard grade ASSIGNMENT HANDIN...`: what the command line asks for, and its exit code. */
#ifndef HAZARD_COMMANDS_GRADE_HANDINS_H
#define HAZARD_COMMANDS_GRADE_HANDINS_H

#include "hazard/grade/assignment.h"
#include "sandbox/sandbox.h"

struct grade_handins {
    const char **words; /* the assignment, then hand-ins */
    size_t word_count;
    const char **formats; /* "NAME" or "NAME:FILE" */
    size_t format_count;
    enum sandbox_tier tier; /* SANDBOX_NONE: the strongest that there is */
    bool unsafe;            /* without a sandbox, if none can be had */
    const char *results; /* a folder for what each came to, and the class; NULL: standard output */
    int jobs;            /* at most so many at once; 0: one a processor */
};

/* The assignment in the folder `word`, else the hazard of that name. NULL and *error. */
const struct assignment *grade_handins_assignment(void *owner, const char *word,
                                                  struct error *error);

/* Grades and prints. Returns an exit code, and has said on stderr what went wrong. */
int grade_handins_run(void *owner, const struct grade_handins *asked);

#endif
