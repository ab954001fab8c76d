/* SPDX-License-Identifier: MIT */
/* The third-party programs that hazard stands on: are they there, and of which version? */
#ifndef HAZARD_BASE_TOOL_H
#define HAZARD_BASE_TOOL_H

#include <stdbool.h>

#include "base/fail.h"

/* A version range that was tested: from `oldest` on, up to `newest`
 * (major.minor as major * 100 + minor). */
struct tool {
    const char *command; /* "clang" */
    const char *package; /* the Debian package that brings it */
    int oldest, newest;
};

/*
 * Runs `command --version` and reads the first number like 14.0 after a blank or a dash. -1 and
 * *error when the tool is missing (says which package brings it); TOOL_UNKNOWN and *error when its
 * version lies outside the tested range. The environment variable HAZARD_ANY_VERSION=1 turns the
 * second into a risk that the user takes.
 */
enum { TOOL_UNKNOWN = 1 };
int tool_check(const struct tool *tool, struct error *error);

/* The first "14.0" in the text after a blank or a dash, or at its beginning, as 1400; 0 if there is
 * none. */
int tool_read_version(const char *text);

/* Its version as major * 100 + minor; 0 if it is missing or does not say. */
int tool_version(const char *command);

/* What `command argument` prints, without the trailing newline, below `owner`; NULL
 * if it cannot be run or fails. */
char *tool_ask(void *owner, const char *command, const char *argument);

#endif
