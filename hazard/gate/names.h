/* SPDX-License-Identifier: MIT */
/* Names that say something to a detector. */
#ifndef HAZARD_GATE_NAMES_H
#define HAZARD_GATE_NAMES_H

#include <stdbool.h>

/* Macros that are there under a sanitizer or Valgrind, and those that say which compiler it is. */
bool names_tell_tool(const char *name);
bool names_tell_compiler(const char *name);

/* Macros of <valgrind/...>: in a preprocessed text nothing of them is left. */
bool names_is_tool_macro(const char *name);

/* By which a program has explore leave something out: macros and functions. */
bool names_is_assumption(const char *name);

/* Functions of a sanitizer's runtime, and of dynamic annotations; functions that such a runtime calls. */
bool names_is_tool(const char *name);
bool names_is_tool_hook(const char *name);

/* Functions of the C library that detectors watch or replace, and what the library's start is made of. `seen`: by
 * other files; a static wait() takes the place of nothing, a static pthread_mutex_lock does. */
bool names_is_library(const char *name, bool seen);

#endif
