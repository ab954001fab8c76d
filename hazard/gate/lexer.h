/* SPDX-License-Identifier: MIT */
/* C as a sequence of tokens, of a file or of a preprocessed text. */
#ifndef HAZARD_GATE_LEXER_H
#define HAZARD_GATE_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum lexed {
    LEXED_NAME, /* identifiers and keywords; universal character names are decoded */
    LEXED_NUMBER,
    LEXED_STRING, /* with its quotes */
    LEXED_CHAR,
    LEXED_HEADER, /* <stdio.h>, "own.h", with what is around it: after #include, and in __has_include(...) */
    LEXED_PUNCTUATOR /* one character, digraphs as what they stand for; ## is one */
};

struct lexeme {
    enum lexed kind;
    const char *text;
    int line; /* in the text, from 1 */
    bool
        first; /* in its line, as the preprocessor counts: one that goes on after a backslash is one */
};

struct lexemes {
    struct lexeme *items;
    size_t count;
};

/* Oddities that compilers do not agree on. */
struct lexer_oddity {
    const char *what; /* "a raw string"; NULL: none */
    int line;
};

/* `text` need not be C, and may hold any byte. Below `owner`. */
struct lexemes lexer_read(void *owner, const char *text, size_t length,
                          struct lexer_oddity *oddity);

/* The token, or one that is nothing behind the end. */
const struct lexeme *lexer_at(const struct lexemes *lexemes, size_t index);
bool lexer_is(const struct lexeme *lexeme, const char *text);

#endif
