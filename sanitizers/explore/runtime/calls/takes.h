/* SPDX-License-Identifier: MIT */
/*
 * How many arguments functions of the C library take, all of them integers or pointers: what the other registers
 * hold when such a function is called is no part of a state. Those that are steps of a search, as far as they
 * take no floating point and not any number. The headers say so too (tests/unit/test_calls.c).
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_TAKES_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_TAKES_H

#include <stdbool.h>

enum { TAKES_UNKNOWN = -1, TAKES_MOST = 5 };

/* By how many: the names, with blanks between them and around them all. */
extern const char *const takes_names[TAKES_MOST + 1];

int takes_how_many(const char *name);

#endif
