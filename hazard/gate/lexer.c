/* SPDX-License-Identifier: MIT */
/*
 * First lines that end with a backslash are joined, and what remains knows its line; then it is cut into tokens.
 * Blanks may stand between the backslash and the end: both compilers join such lines, too. Trigraphs
 * hang on the standard that the compiler is asked for, and are only told (lexer_oddity).
 */
#include "hazard/gate/lexer.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct lexer {
    void *owner;
    char *bytes; /* ends with a newline and a NUL */
    int *lines;
    size_t length, at;
    bool first; /* nothing has come in this line yet */
    struct lexemes found;
    size_t room;
    struct lexer_oddity *oddity;
};

static void note_oddity(struct lexer *lexer, const char *what, int line) {
    if (lexer->oddity->what == NULL)
        *lexer->oddity = (struct lexer_oddity){what, line};
}

/* ---- Lines ---------------------------------------------------------------------------------- */

/* From a backslash: the length of it, blanks and the end of the line; 0: it joins nothing. */
static size_t joins(const char *text, size_t length, size_t at) {
    size_t end = at + 1;
    while (end < length && (text[end] == '\0' || strchr(" \t\f\v\r", text[end]) != NULL))
        end++;
    return end < length && text[end] == '\n' ? end + 1 - at : 0;
}

static void look_for_oddities(struct lexer *lexer, const char *text, size_t length, size_t at,
                              int line) {
    bool joined = text[at] == '?' && at + 2 < length && memcmp(text + at, "\?\?/", 3) == 0 &&
                  joins(text, length, at + 2) != 0;
    if (joined || (at + 2 < length && memcmp(text + at, "\?\?=", 3) == 0))
        note_oddity(lexer, "a trigraph", line);
    if (text[at] == '\r' && (at + 1 == length || text[at + 1] != '\n'))
        note_oddity(lexer, "a carriage return within a line", line);
}

static void join_lines(struct lexer *lexer, const char *text, size_t length) {
    int line = 1;
    lexer->bytes = new_array(lexer->owner, char, length + 2);
    lexer->lines = new_array(lexer->owner, int, length + 2);
    for (size_t at = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; at < length;) {
        size_t joined = text[at] == '\\' ? joins(text, length, at) : 0;
        look_for_oddities(lexer, text, length, at, line);
        if (joined == 0) {
            lexer->lines[lexer->length] = line;
            lexer->bytes[lexer->length++] = text[at] == '\0' ? ' ' : text[at];
        }
        line += joined != 0 || text[at] == '\n';
        at += joined != 0 ? joined : 1;
    }
    lexer->lines[lexer->length] = line;
    lexer->bytes[lexer->length++] = '\n';
}

/* ---- Tokens ---------------------------------------------------------------------------------- */

static char peek(const struct lexer *lexer, size_t ahead) {
    return lexer->at + ahead < lexer->length ? lexer->bytes[lexer->at + ahead] : '\0';
}

static void add(struct lexer *lexer, enum lexed kind, const char *text, size_t line_at) {
    if (lexer->found.count == lexer->room) {
        lexer->room = lexer->room * 2 + 256;
        lexer->found.items =
            grow_array(lexer->owner, lexer->found.items, struct lexeme, lexer->room);
    }
    lexer->found.items[lexer->found.count++] =
        (struct lexeme){kind, text, lexer->lines[line_at], lexer->first};
    lexer->first = false;
}

static void add_until(struct lexer *lexer, enum lexed kind, size_t end) {
    size_t start = lexer->at;
    add(lexer, kind, never_null(talloc_strndup(lexer->owner, lexer->bytes + start, end - start)),
        start);
    lexer->at = end;
}

/* Behind the quote that ends it, or where the line ends. */
static size_t quoted_end(const struct lexer *lexer, size_t at) {
    char quote = lexer->bytes[at];
    for (at++; lexer->bytes[at] != '\n'; at++) {
        if (lexer->bytes[at] == quote)
            return at + 1;
        if (lexer->bytes[at] == '\\' && lexer->bytes[at + 1] != '\n')
            at++;
    }
    return at;
}

/* Behind R"x( ... )x", at the quote; 0: it is no raw string. */
static size_t raw_end(const struct lexer *lexer, size_t quote) {
    const char *text = lexer->bytes + quote + 1;
    size_t size = strcspn(text, "( )\\\t\v\f\n");
    if (size > 16 || text[size] != '(')
        return 0;
    for (const char *end = text; (end = strchr(end, ')')) != NULL; end++)
        if (strncmp(end + 1, text, size) == 0 && end[1 + size] == '"')
            return (size_t)(end + 2 + size - lexer->bytes);
    return lexer->length; /* it never ends: neither does it for a compiler */
}

static bool in_name(char byte) {
    return isalnum((unsigned char)byte) || byte == '_' || byte == '$' || (byte & 0x80) != 0;
}

/* \u1234 and \U12345678 there: its length; 0: none. */
static size_t universal(const struct lexer *lexer, size_t at, unsigned long *code) {
    const char *text = lexer->bytes + at;
    size_t digits = text[0] != '\\' ? 0 : text[1] == 'u' ? 4 : text[1] == 'U' ? 8 : 0;
    char number[9] = "";
    for (size_t i = 0; i < digits; i++)
        if (!isxdigit((unsigned char)(number[i] = text[2 + i])))
            return 0;
    *code = strtoul(number, NULL, 16);
    return digits != 0 ? digits + 2 : 0;
}

static char *add_utf8(char *text, unsigned long code) {
    if (code < 0x80)
        return talloc_asprintf_append_buffer(text, "%c", (int)(code != 0 ? code : '?'));
    if (code < 0x800)
        return talloc_asprintf_append_buffer(text, "%c%c", (int)(0xc0 | code >> 6),
                                             (int)(0x80 | (code & 0x3f)));
    if (code < 0x10000)
        return talloc_asprintf_append_buffer(text, "%c%c%c", (int)(0xe0 | code >> 12),
                                             (int)(0x80 | (code >> 6 & 0x3f)),
                                             (int)(0x80 | (code & 0x3f)));
    return talloc_asprintf_append_buffer(
        text, "%c%c%c%c", (int)(0xf0 | (code >> 18 & 7)), (int)(0x80 | (code >> 12 & 0x3f)),
        (int)(0x80 | (code >> 6 & 0x3f)), (int)(0x80 | (code & 0x3f)));
}

static void take_name(struct lexer *lexer) {
    size_t start = lexer->at, size;
    unsigned long code;
    char *name = talloc_strdup(lexer->owner, "");
    for (;;) {
        if ((size = universal(lexer, lexer->at, &code)) != 0)
            name = add_utf8(name, code);
        else if (in_name(peek(lexer, 0)) && (size = 1) != 0)
            name = talloc_strndup_append_buffer(name, lexer->bytes + lexer->at, 1);
        else
            break;
        lexer->at += size;
    }
    add(lexer, LEXED_NAME, never_null(name), start);
}

/* A string's or character's beginning: L"..., u8'..., R"(...: its length; 0: it is none. */
static size_t prefix(const struct lexer *lexer, bool *raw) {
    static const char *const prefixes[] = {"", "L", "u", "U", "u8", "R", "LR", "uR", "UR", "u8R"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t length = strlen(prefixes[i]);
        char quote = peek(lexer, length);
        *raw = length > 0 && prefixes[i][length - 1] == 'R';
        if (strncmp(lexer->bytes + lexer->at, prefixes[i], length) == 0 &&
            (quote == '"' || (quote == '\'' && !*raw)))
            return length + 1;
    }
    return 0;
}

static bool take_quoted(struct lexer *lexer) {
    bool raw;
    size_t length = prefix(lexer, &raw), quote = lexer->at + length - 1;
    if (length == 0)
        return false;
    size_t end = raw ? raw_end(lexer, quote) : 0;
    if (raw)
        note_oddity(lexer, "a raw string", lexer->lines[lexer->at]);
    add_until(lexer, lexer->bytes[quote] == '"' ? LEXED_STRING : LEXED_CHAR,
              end != 0 ? end : quoted_end(lexer, quote));
    return true;
}

static void take_number(struct lexer *lexer) {
    size_t end = lexer->at;
    while (in_name(lexer->bytes[end]) || lexer->bytes[end] == '.' ||
           (strchr("+-", lexer->bytes[end]) != NULL &&
            strchr("eEpP", lexer->bytes[end - 1]) != NULL && end > lexer->at))
        end++;
    add_until(lexer, LEXED_NUMBER, end);
}

/* Most tokens are: none has memory of its own. */
static const char *one_character(char byte) {
    static char texts[256][2];
    texts[(unsigned char)byte][0] = byte;
    return texts[(unsigned char)byte];
}

static void take_punctuator(struct lexer *lexer) {
    static const struct {
        const char *written, *meant;
    } pairs[] = {{"%:%:", "##"}, {"##", "##"}, {"<:", "["}, {":>", "]"},
                 {"<%", "{"},    {"%>", "}"},  {"%:", "#"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t length = strlen(pairs[i].written);
        if (strncmp(lexer->bytes + lexer->at, pairs[i].written, length) != 0)
            continue;
        add(lexer, LEXED_PUNCTUATOR, pairs[i].meant, lexer->at);
        lexer->at += length;
        return;
    }
    add(lexer, LEXED_PUNCTUATOR, one_character(lexer->bytes[lexer->at]), lexer->at);
    lexer->at++;
}

/* Blanks and comments; false: there are none. */
static bool skip(struct lexer *lexer) {
    const char *here = lexer->bytes + lexer->at;
    size_t length = 1;
    if (strncmp(here, "//", 2) == 0)
        length = strcspn(here, "\n");
    else if (strncmp(here, "/*", 2) == 0)
        length = strstr(here + 2, "*/") != NULL ? (size_t)(strstr(here + 2, "*/") + 2 - here)
                                                : strlen(here);
    else if (!isspace((unsigned char)*here))
        return false;
    lexer->first |= length == 1 && *here == '\n';
    lexer->at += length;
    return true;
}

/* Is the next one a header's name? */
static bool header_is_next(const struct lexer *lexer) {
    static const char *const directives[] = {"include", "include_next", "import", "embed"};
    size_t count = lexer->found.count;
    const struct lexeme *last = lexer_at(&lexer->found, count - 1),
                        *before = lexer_at(&lexer->found, count - 2);
    if (count < 2 || lexer->first || (peek(lexer, 0) != '<' && peek(lexer, 0) != '"'))
        return false;
    if (lexer_is(last, "("))
        return before->kind == LEXED_NAME && (strncmp(before->text, "__has_include", 13) == 0 ||
                                              strcmp(before->text, "__has_embed") == 0);
    for (size_t i = 0; i < sizeof directives / sizeof *directives; i++)
        if (before->first && lexer_is(before, "#") && lexer_is(last, directives[i]))
            return true;
    return false;
}

static void take_header(struct lexer *lexer) {
    char end = peek(lexer, 0) == '<' ? '>' : '"';
    size_t at = lexer->at + 1;
    while (lexer->bytes[at] != '\n' && lexer->bytes[at] != end)
        at++;
    add_until(lexer, LEXED_HEADER, at + (lexer->bytes[at] == end));
}

static void take(struct lexer *lexer) {
    unsigned long code;
    char here = peek(lexer, 0), next = peek(lexer, 1);
    if (header_is_next(lexer))
        take_header(lexer);
    else if (take_quoted(lexer))
        return;
    else if (isdigit((unsigned char)here) || (here == '.' && isdigit((unsigned char)next)))
        take_number(lexer);
    else if (in_name(here) || universal(lexer, lexer->at, &code) != 0)
        take_name(lexer);
    else
        take_punctuator(lexer);
}

struct lexemes lexer_read(void *owner, const char *text, size_t length,
                          struct lexer_oddity *oddity) {
    struct lexer lexer = {.owner = owner, .first = true, .oddity = oddity};
    *oddity = (struct lexer_oddity){0};
    join_lines(&lexer, text, length);
    while (lexer.at < lexer.length)
        if (!skip(&lexer))
            take(&lexer);
    return lexer.found;
}

const struct lexeme *lexer_at(const struct lexemes *lexemes, size_t index) {
    static const struct lexeme none = {.kind = LEXED_PUNCTUATOR, .text = "", .first = true};
    return index < lexemes->count ? &lexemes->items[index] : &none;
}

bool lexer_is(const struct lexeme *lexeme, const char *text) {
    return lexeme->kind != LEXED_STRING && strcmp(lexeme->text, text) == 0;
}
