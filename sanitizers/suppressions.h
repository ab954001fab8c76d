/* SPDX-License-Identifier: MIT */
/*
 * The user's own lists of false alarms, in the formats of the tools: of ThreadSanitizer a line "race:NAME" each, of
 * Valgrind a block "{ name, Helgrind:Race, ... }" each.
 */
#ifndef HAZARD_SUPPRESSIONS_H
#define HAZARD_SUPPRESSIONS_H

#include "base/fail.h"

/* Absolute paths; NULL: none. */
struct suppressions {
    const char *tsan, *valgrind;
};

/*
 * Adds that file as what its contents say that it is. The path is copied below `owner`. -1 and *error: it cannot be read,
 * is in neither format (says which line), or one of its format is there already.
 */
int suppressions_add(void *owner, const char *path, struct suppressions *all, struct error *error);

#endif
