/* SPDX-License-Identifier: MIT */
/*
 * By what a grade that is kept is found again: a hash of the hand-in's files as they are collected, the assignment's files, and
 * what grades them (hazard, its runtime, the tools, the C library, the sandbox). The same key, the same grade.
 */
#ifndef HAZARD_GRADE_GRADE_KEY_H
#define HAZARD_GRADE_GRADE_KEY_H

#include "hazard/grade/assignment.h"
#include "sandbox/sandbox.h"

/* Of all but the hand-in. NULL and *error: a file cannot be read. */
const char *grade_key_base(void *owner, const struct assignment *assignment,
                           const struct sandbox *sandbox, struct error *error);

/* Of the hand-in too. NULL and *error: it cannot be read, or not all of it. */
const char *grade_key(void *owner, const char *base, const struct assignment *assignment,
                      const char *handin, struct error *error);

#endif
