/* SPDX-License-Identifier: MIT */
/*
 * The versions that verdicts hang on: of the C library, which programs under test run with, and of
 * the tools. A version is major * 100 + minor, as in base/tool.h.
 */
#ifndef HAZARD_BASE_VERSIONS_H
#define HAZARD_BASE_VERSIONS_H

#include <stddef.h>

enum { VERSIONS_COUNT = 4 };

/* "glibc", "gcc", "clang", "valgrind". */
const char *versions_name(size_t index);

/* The one at hand, asked for once; 0: there is none. */
int versions_here(size_t index);

/* Something else that knows them. */
typedef int version_at(size_t index);

/* "2.41". Below `owner`. */
const char *versions_words(void *owner, int version);

#endif
