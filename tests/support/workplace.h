/* SPDX-License-Identifier: MIT */
/* A scratch folder of a test's own, in which it runs the command as a user would. */
#ifndef TESTS_WORKPLACE_H
#define TESTS_WORKPLACE_H

#include <jansson.h>

#include "run/run.h"

/* For TestSuite's init and fini. */
void workplace_open(void);
void workplace_close(void);

extern struct workplace {
    void *owner;        /* everything of the test lies below it */
    const char *folder; /* the scratch folder */
    char *root;         /* the checkout */
} workplace;

/* Runs the line there; see command.h. $ROOT is the checkout, $PROGRAMS its fixtures' programs. */
struct run_outcome in_folder(const char *line);

/* Likewise: the first program of the JSON that it prints. It must exit with that status. New
 * reference. */
json_t *answer_in_folder(const char *line, int status);

/* The path of a file there. */
const char *workplace_path(const char *name);

/* Each line exits with its status, and prints its verdict and what else is wanted. */
struct verdict_row {
    char line[120], verdict[96];
    int status;
    char words[96]; /* on stdout */
};
void expect_verdicts(const struct verdict_row *rows, size_t count);

#endif
