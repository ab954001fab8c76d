/* SPDX-License-Identifier: MIT */
/* What of a preprocessed text stands in the student's files, by its line markers. */
#ifndef HAZARD_GATE_OWN_TEXT_H
#define HAZARD_GATE_OWN_TEXT_H

#include "hazard/gate/lexer.h"
#include "hazard/gate/notes.h"

struct own_lexeme {
    struct lexeme lexeme; /* `line` is the student's */
    const char *file;     /* real path */
    bool system;          /* of a macro of the system's headers: gcc alone says so */
    bool directive;       /* #pragma, or #define and #undef, which are told but not compiled */
};

struct own_text {
    struct own_lexeme *items;
    size_t count;
};

#define OWN_TEXT_LARGEST (4 << 20)

/*
 * Reads the text that a compiler has made with -E -dD. Notes which files it includes that it must not, and lines that
 * pretend to be of other files. The text is changed: what -dD has added becomes blank.
 * -1 and *error: the student's lines have come to more than OWN_TEXT_LARGEST bytes.
 */
int own_text_read(struct notes *notes, char *text, struct own_text *own, struct error *error);

/* Is it one of the student's files? A real path; also NULL. */
bool own_text_is_own(const struct notes *notes, const char *path);

#endif
