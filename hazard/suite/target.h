/* SPDX-License-Identifier: MIT */
/*
 * What the user named: programs of the suite, C files of their own, or a binary.
 */
#ifndef HAZARD_SUITE_TARGET_H
#define HAZARD_SUITE_TARGET_H

#include "hazard/catalog/catalog.h"
#include "hazard/cc/recipe.h"
#include "report/frame.h"
#include "run/surroundings.h"
#include "suppressions.h"

struct target {
    const char *name;               /* as the user wrote it; in the suite the path below the root */
    struct sources sources;         /* empty for a binary of which nothing is known */
    struct cc_words words;          /* for the compiler, beside the sources */
    const char *binary;             /* absolute; NULL: to be built from the sources */
    const struct cc_record *record; /* how `hazard cc` has made the binary; NULL: not known */
    const char *const *args;        /* NULL-terminated */
    struct surroundings surroundings;
    struct suppressions suppressions; /* the user's, of third-party tools */
    /* Of a user's own program: pairs of words for the detectors that know them, then NULL. Itself NULL: none. A
     * detector that must be told what to do does not apply without. */
    const char *const *told;
    bool server;
    const struct hazard *hazard;   /* NULL if it is not of the suite */
    const struct program *program; /* likewise */
};

struct targets {
    struct target *items;
    size_t count;
};

/* What the user said. */
struct target_words {
    const char *const *words; /* that are no options */
    size_t count;
    const char *const *args;  /* for the program; NULL: the catalogue's, or none */
    struct cc_words compiler; /* for the compiler; all zero: none */
    const char *command;      /* "explore": who is asked, for messages */
};

/* False if the words are C files or a binary: then the suite need not be there at all. */
bool targets_in_suite(const struct target_words *said);

/*
 * True if each of the words is a file in buggy/ or fixed/ of the suite at `root`: then the catalogue
 * may know them as programs.
 */
bool targets_below(const char *root, const struct target_words *said);

/*
 * A word that ends in .c is a source file, all of them together are one program; a word that names
 * an executable file is a binary; any other is a hazard's name and stands for all its programs.
 * Files that the catalogue (may be NULL) has as programs are these programs. No words: the whole
 * suite. -1 and *error: no such file, no such hazard (with the nearest name), a mixture, a language
 * that is not C.
 */
int targets_resolve(void *owner, const struct catalog *catalog, const struct target_words *said,
                    struct targets *targets, struct error *error);

#endif
