/* SPDX-License-Identifier: MIT */
/* Runs the hazard command as a user would, for tests. */
#ifndef TESTS_COMMAND_H
#define TESTS_COMMAND_H

#include "run/run.h"

/* The command under test: $HAZARD_UNDER_TEST, else the one that `make test` builds. */
const char *hazard_path(void *owner);

/*
 * `line` is given to a shell in which "hazard" is the command under test, and the page is 100 columns wide,
 * so that few of the words that are looked for are wrapped. The outcome lives below
 * `owner`; a command that runs for longer than ten minutes fails the test.
 */
struct run_outcome command(void *owner, const char *line);

/* A new scratch folder, and its end. */
const char *scratch_new(void *owner);
void scratch_remove(const char *folder);

/* Writes a file, for a program that the suite has never seen. Returns its path below `owner`. */
const char *write_file(void *owner, const char *folder, const char *name, const char *text);

/* The whole file; the test fails if it cannot be read. */
char *read_file(void *owner, const char *path);

#endif
