/* SPDX-License-Identifier: MIT */
/*
 * What the user named: programs of the suite, C files of their own, or a binary.
 */
#ifndef HAZARD_SUITE_TARGET_H
#define HAZARD_SUITE_TARGET_H

#include "hazard/catalog/catalog.h"
#include "report/frame.h"
#include "run/surroundings.h"

struct target {
    const char *name;        /* as the user wrote it; in the suite the path below the root */
    struct sources sources;  /* empty for a binary */
    const char *binary;      /* absolute; NULL: to be built from the sources */
    const char *const *args; /* NULL-terminated */
    struct surroundings surroundings;
    bool server;
    const struct hazard *hazard;   /* NULL if it is not of the suite */
    const struct program *program; /* likewise */
};

struct targets {
    struct target *items;
    size_t count;
};

/* False if the words are C files or a binary: then the suite need not be there at all. */
bool targets_in_suite(const char *const *words, size_t count);

/*
 * True if each of the words is a file in buggy/ or fixed/ of the suite at `root`: then the catalogue
 * may know them as programs.
 */
bool targets_below(const char *root, const char *const *words, size_t count);

/*
 * A word that ends in .c is a source file, all of them together are one program; a word that names
 * an executable file is a binary; any other is a hazard's name and stands for all its programs. Files that
 * the catalogue (may be NULL) has as programs are these programs. No words: the whole suite. `args` (may be NULL) replaces the catalogue's. -1 and *error: no such
 * file, no such hazard (with the nearest name), a mixture.
 */
int targets_resolve(void *owner, const struct catalog *catalog, const char *const *words,
                    size_t count, const char *const *args, struct targets *targets,
                    struct error *error);

#endif
