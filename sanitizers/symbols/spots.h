/* SPDX-License-Identifier: MIT */
/*
 * From instructions to places: function, library, line of source (libdw, without the process: by
 * what was mapped where). Debug information may be inside the file, beside it, below
 * /usr/lib/debug, or nowhere; no server is asked.
 */
#ifndef HAZARD_SYMBOLS_SPOTS_H
#define HAZARD_SYMBOLS_SPOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "report/frame.h"

/* What was mapped executable. */
struct symbols_map {
    uint64_t start, end, offset;
    const char *path;
};

/* A place in the program or a library. */
struct spot {
    const char *function; /* "?" if there is no symbol */
    uint64_t offset;      /* from the function's first byte, or of the library's file */
    const char *library;  /* "libc.so.6"; "" for the program itself */
    const char *file;     /* of the program's own frame that was interrupted; NULL: unknown */
    int line;
};

struct spots;

/* What was mapped when the program `binary` ran. Files that cannot be read have no names. Below
 * `owner`; NULL and *error if libdw fails altogether. */
struct spots *spots_open(void *owner, const char *binary, const struct symbols_map *maps,
                         size_t count, struct error *error);

/* Strings live as long as `spots`. File and line are those of `pc` itself, and only of the
 * program's own code. */
struct spot spots_at(struct spots *spots, uint64_t pc);

/* Is it the program's own code: not a library, not the table of jumps into one? */
bool spots_own(struct spots *spots, uint64_t pc);

/* Is it the dynamic linker? It comes between a call and the function that is called. */
bool spots_linker(struct spots *spots, uint64_t pc);

/* "printf" for "_IO_printf": of all names that a function has, the one that people know. */
const char *spots_known_name(struct spots *spots, const char *name);

/* Has the program itself a function of that name? */
bool spots_has_function(struct spots *spots, const char *name);

/* The C files that the program's debug information names and that are there. */
struct sources spots_sources(const struct spots *spots);

#endif
