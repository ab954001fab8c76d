/* SPDX-License-Identifier: MIT */
/* What reads the formats of `hazard grade`: tests/validators/validate.mjs, with the packages of build/validators. */
#ifndef TESTS_VALIDATORS_H
#define TESTS_VALIDATORS_H

#include <stddef.h>

/* Each file GRADE.FORMAT in the folder is valid, and there are so many. */
void expect_validated(const char *folder, size_t files);

/* What is said of them, a line each after "\n"; the exit status is 1 if one is not valid, else 0. Lies below workplace.owner. */
const char *validated(const char *folder, int status);

#endif
