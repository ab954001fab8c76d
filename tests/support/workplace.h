/* SPDX-License-Identifier: MIT */
/* A scratch folder of a test's own, in which it runs the command as a user would. */
#ifndef TESTS_WORKPLACE_H
#define TESTS_WORKPLACE_H

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

#endif
