/* SPDX-License-Identifier: MIT */
/* Object files before they are linked, alone or in an archive. */
#ifndef HAZARD_SYMBOLS_RELOCATABLE_H
#define HAZARD_SYMBOLS_RELOCATABLE_H

#include <stdbool.h>

/*
 * Does the symbol stand in the symbol table of every object file there? `file` is one or an archive
 * of them; what is neither, or cannot be read, is taken for one that has it. False: *member is the
 * first of the archive without it, below `owner`, or NULL: the file itself.
 */
bool relocatable_names(void *owner, const char *file, const char *symbol, const char **member);

/* Is it an object file or an archive? */
bool relocatable_is(const char *file);

#endif
