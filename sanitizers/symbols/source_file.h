/* SPDX-License-Identifier: MIT */
/* Names of source files, as debug information has them. */
#ifndef HAZARD_SYMBOLS_SOURCE_FILE_H
#define HAZARD_SYMBOLS_SOURCE_FILE_H

#include <elfutils/libdw.h>

/* The folder that the compiler ran in; NULL: unknown. */
const char *source_file_folder(Dwarf_Die *unit);

/* The unit's own file, as below; NULL if it has no name. */
const char *source_file_of_unit(void *owner, Dwarf_Die *unit);

/* The compiler was told `file` in `folder` (NULL: unknown). Absolute, and resolved if the file is
 * there; below `owner`. */
const char *source_file_absolute(void *owner, const char *folder, const char *file);

#endif
