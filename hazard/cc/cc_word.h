/* SPDX-License-Identifier: MIT */
/*
 * What the words of a C compiler's command line mean, as far as a build for a detector must know:
 * how many words belong together, and whether they are for the compiler, for the linker or for
 * both.
 */
#ifndef HAZARD_CC_CC_WORD_H
#define HAZARD_CC_CC_WORD_H

#include <stdbool.h>

enum cc_stage {
    CC_BOTH,    /* -O2, -g, -m..., -f..., -W..., -pthread: wherever the compiler is called */
    CC_COMPILE, /* -I, -D, -include...: for a source alone */
    CC_LINK,    /* -l, -L, -Wl,...: for the link alone */
    CC_INPUT,   /* a file */
    CC_OUTPUT,  /* -o, -c, -E...: what is made, and where */
    CC_LISTS,   /* -MD, -MF...: what it was made of, which is of use to make alone */
    CC_DROPPED  /* what a build for a detector is better without: -Werror, -s, -flto, --coverage */
};

struct cc_word {
    enum cc_stage stage;
    int count;           /* how many words: 1, or 2 with a value that is a word of its own */
    const char *value;   /* of an option that has one: "include" of -Iinclude; else NULL */
    bool known;          /* it stands in the table; all others that begin with '-' are CC_BOTH */
    const char *refused; /* why no detector's build can have it; NULL: it can */
};

/* The word at `at`, in a list that ends with NULL. */
struct cc_word cc_word_read(const char *const *at);

/* By its ending. What an assembler makes has no hooks, but a compiler takes it. */
bool cc_word_is_c(const char *file);
bool cc_word_is_cxx(const char *file);
bool cc_word_is_assembler(const char *file);

/* Objects, archives and shared libraries: "libm.so.6", too. */
bool cc_word_is_linked(const char *file);

#endif
