/* SPDX-License-Identifier: MIT */
/* The functions that code refers to: calls, jumps to, or takes the address of. */
#ifndef HAZARD_SYMBOLS_REFERENCES_H
#define HAZARD_SYMBOLS_REFERENCES_H

#include <stddef.h>

#include "base/fail.h"

struct references {
    const char **imported; /* of other files, by the relocations of its GOT and its data */
    size_t imported_count;
    const char **linked; /* of the section `apart` */
    size_t linked_count;
};

/*
 * Reads them from an x86-64 ELF file; `apart` is the name of a section of code that is linked to the program and is
 * not its own: what that refers to is left out. Both lists are sorted, each name once, without a version; below `owner`.
 * A reference is a displacement of 32 bits that leads there from where it ends, at any byte of the code: a jump that only looks like
 * one is as improbable as the function's very address by chance. -1 and *error: the file cannot be read, or has no such section.
 */
int references_read(void *owner, const char *file, const char *apart, struct references *references,
                    struct error *error);

/*
 * What these functions of the program (none: all of them) reach: all that they refer to, and what functions of the
 * program's own among those refer to, and so on. All in `imported`, the functions themselves too. -1 and *error: no ELF file.
 */
int references_reached(void *owner, const char *file, const char *const *functions, size_t count,
                       struct references *reached, struct error *error);

#endif
