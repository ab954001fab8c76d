/* SPDX-License-Identifier: MIT */
/* A section of an ELF file, by its name. */
#ifndef HAZARD_SYMBOLS_SECTION_H
#define HAZARD_SYMBOLS_SECTION_H

#include <stdbool.h>
#include <stddef.h>

/* Its bytes, below `owner`, and a NUL behind them; NULL: there is none, or the file cannot be read.
 */
char *section_read(void *owner, const char *file, const char *name, size_t *size);

/* Is it an ELF program without an interpreter: a static one? */
bool section_is_static(const char *file);

#endif
