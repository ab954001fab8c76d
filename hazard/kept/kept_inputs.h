/* SPDX-License-Identifier: MIT */
/*
 * What a program was made of: the files, and how to see later that they are still the same.
 */
#ifndef HAZARD_KEPT_KEPT_INPUTS_H
#define HAZARD_KEPT_KEPT_INPUTS_H

#include <stdbool.h>
#include <time.h>

enum kept_kind {
    KEPT_TEXT = 't',      /* sources and headers: the same bytes */
    KEPT_FILE = 'f',      /* objects and libraries: the same file, unchanged since */
    KEPT_HEADERS = 'h',   /* a folder in which headers are looked for (-I) */
    KEPT_LIBRARIES = 'l', /* a folder in which libraries are looked for (-L) */
    KEPT_PROGRAM = 'p'    /* a tool, by its name: $PATH leads to the same file, unchanged since */
};

/* Lies below `owner`. */
struct kept_inputs *kept_inputs_new(void *owner);

void kept_inputs_add(struct kept_inputs *inputs, enum kept_kind kind, const char *path);

/*
 * The files that the first rule of a makefile names, which a compiler (-MD) or linker has written
 * that ran in `folder` (NULL: here); but those whose paths begin with `but`. False if it cannot be
 * read.
 */
bool kept_inputs_add_rule(struct kept_inputs *inputs, enum kept_kind kind, const char *makefile,
                          const char *but, const char *folder);

/*
 * All that, as text below `owner`. NULL if it cannot be known to stay the same: a file cannot be
 * read, it may have changed since `started`, or a source asks for more than its bytes (__DATE__,
 * __has_include...).
 */
const char *kept_inputs_text(void *owner, const struct kept_inputs *inputs,
                             const struct timespec *started);

/* Is all still as the text says? */
bool kept_inputs_same(const char *text);

#endif
