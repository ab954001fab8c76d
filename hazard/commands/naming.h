/* SPDX-License-Identifier: MIT */
/*
 * The words of a command that name programs, and what stands behind "--" for them.
 */
#ifndef HAZARD_COMMANDS_NAMING_H
#define HAZARD_COMMANDS_NAMING_H

#include "hazard/suite/target.h"

struct naming {
    void *owner;        /* in: whose memory */
    const char **words; /* what is no option */
    size_t word_count;
    struct surroundings surroundings; /* of each of them */
    const char *const *args;          /* after "--": for the program; NULL if there was none */
};

/* Cuts argv at "--": what follows goes to naming->args. Returns the new argc. */
int naming_cut(struct naming *naming, int argc, char **argv);

/* One more word. It is not copied. */
void naming_add(struct naming *naming, const char *word);

/* What the words name, and where it is. */
struct named {
    struct targets targets;
    const char *root;         /* of the suite, or where we stand */
    const char *build_folder; /* of the suite's programs; NULL for others */
};

/* -1 and *error: see targets_resolve; there is no suite. */
int naming_resolve(const struct naming *naming, struct named *named, struct error *error);

#endif
