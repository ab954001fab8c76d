/* SPDX-License-Identifier: MIT */
/*
 * `# 12 "counter.c" 1 3 4`: the next line is line 12 of counter.c, which is entered here (1), returned to (2), and is
 * a system header's (3) of the C library's (4). A header can make itself the former (#pragma system_header), not the latter. A file changes by entering and returning alone, unless somebody wrote #line.
 */
#include "hazard/gate/own_text.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/gate/sources.h"

/* Where a line of the text comes from. */
struct line_origin {
    const char *name; /* as the marker has it */
    const char *file; /* real path of one of the student's; NULL: it is not theirs */
    int line;
    bool system;
};

struct reader {
    struct notes *notes;
    struct line_origin here;
    bool begun;                /* before, compilers tell of what is built in, without entering it */
    struct line_origin *lines; /* by line of the text, from 1 */
    size_t count;
    struct line_origin *names; /* files that were met */
    size_t name_count;
    struct own_text found;
    size_t own_bytes;
};

bool own_text_is_own(const struct notes *notes, const char *path) {
    return path != NULL && notes_below(path, notes->folder);
}

/* ---- Line markers ----------------------------------------------------------------------------- */

/* "a\"b" without what is escaped; NULL: there is no string. */
static char *marked_name(void *owner, const char *text, const char **end) {
    char *name = talloc_strdup(owner, "");
    if (*text++ != '"')
        return NULL;
    while (*text != '"' && *text != '\n' && *text != '\0') {
        if (*text == '\\' && isdigit((unsigned char)text[1])) {
            char *after;
            char digits[4] = {text[1], text[2], text[3], '\0'};
            int code = (int)strtol(digits, &after, 8);
            name = talloc_asprintf_append_buffer(name, "%c", code);
            text += 1 + (after - digits);
            continue;
        }
        text += *text == '\\';
        name = talloc_strndup_append_buffer(name, text++, 1);
    }
    *end = text + (*text == '"');
    return never_null(name);
}

/* The student's file of that name; NULL: it is another's. */
static const char *file_of(struct reader *reader, const char *name) {
    for (size_t i = 0; i < reader->name_count; i++)
        if (strcmp(reader->names[i].name, name) == 0)
            return reader->names[i].file;
    char path[PATH_MAX];
    void *owner = reader->notes->owner;
    const char *file = realpath(name, path) != NULL && own_text_is_own(reader->notes, path)
                           ? never_null(talloc_strdup(owner, path))
                           : NULL;
    reader->names = grow_array(owner, reader->names, struct line_origin, reader->name_count + 1);
    reader->names[reader->name_count++] = (struct line_origin){.name = name, .file = file};
    return file;
}

static bool is_pretended(const char *name) {
    return *name == '<'; /* "<built-in>", "<command-line>" */
}

/* A file that was entered from one of the student's. */
static void judge_entered(struct reader *reader, const struct line_origin *from,
                          const struct line_origin *entered) {
    if (from->file == NULL || entered->file != NULL || entered->system ||
        is_pretended(entered->name) || notes_below(entered->name, "/usr") ||
        sources_may_read(reader->notes, entered->name))
        return;
    notes_add(reader->notes, GATE_INCLUDE, from->file, from->line, entered->name);
}

/* False: it is no marker. */
static bool take_marker(struct reader *reader, const char *text) {
    char *after;
    if (text[0] != '#' || text[1] != ' ' || !isdigit((unsigned char)text[2]))
        return false;
    struct line_origin last = reader->here, *here = &reader->here;
    long line = strtol(text + 2, &after, 10);
    here->line = line >= 0 && line <= SOURCES_LARGEST ? (int)line : 0; /* no file has more */
    const char *end = after;
    const char *name = *after == ' ' ? marked_name(reader->notes->owner, after + 1, &end) : NULL;
    bool entered = false, returned = false;
    here->system = false;
    for (; *end != '\n' && *end != '\0'; end++) {
        entered |= *end == '1';
        returned |= *end == '2';
        here->system |= *end == '4';
    }
    if (name == NULL)
        return true;
    *here = (struct line_origin){name, file_of(reader, name), here->line, here->system};
    if (entered)
        judge_entered(reader, &last, here);
    else if (!returned && reader->begun && last.file != NULL && strcmp(last.name, name) != 0)
        notes_add(reader->notes, GATE_LINE_MARKER, last.file, last.line, "#line");
    return true;
}

/* What -dD adds, but for the newline. */
static bool is_added(const char *text) {
    return strncmp(text, "#define ", 8) == 0 || strncmp(text, "#undef ", 7) == 0;
}

/* Where each line comes from; what was added, and the markers, are blank in `bare`, and what was added in `text`, too,
 * whose definitions of the student's are kept in `bare`. */
static void place_lines(struct reader *reader, char *text, char *bare) {
    for (size_t at = 0; text[at] != '\0'; reader->count++) {
        size_t length = strcspn(text + at, "\n");
        bool marker = take_marker(reader, text + at), added = is_added(text + at);
        reader->lines = reader->count % 1024 == 0
                            ? grow_array(reader->notes->owner, reader->lines, struct line_origin,
                                         reader->count + 1025)
                            : reader->lines;
        reader->lines[reader->count + 1] = reader->here;
        reader->begun |= !marker && reader->here.file != NULL && length > 0;
        if (!marker && reader->here.file != NULL)
            reader->own_bytes += length;
        else
            memset(bare + at, ' ', length);
        if (added)
            memset(text + at, ' ', length);
        reader->here.line += !marker;
        at += length + (text[at + length] == '\n');
    }
}

/* ---- Tokens ------------------------------------------------------------------------------------- */

static void take_lexemes(struct reader *reader, const struct lexemes *lexemes) {
    bool directive = false;
    reader->found.items = new_array(reader->notes->owner, struct own_lexeme, lexemes->count + 1);
    for (size_t i = 0; i < lexemes->count; i++) {
        struct lexeme lexeme = lexemes->items[i];
        const struct line_origin *from = &reader->lines[lexeme.line];
        directive = lexeme.first ? lexer_is(&lexeme, "#") : directive;
        lexeme.line = from->line;
        if (from->file != NULL)
            reader->found.items[reader->found.count++] =
                (struct own_lexeme){lexeme, from->file, from->system, directive};
    }
}

int own_text_read(struct notes *notes, char *text, struct own_text *own, struct error *error) {
    struct reader reader = {.notes = notes, .here = {.name = "", .line = 1}};
    struct lexer_oddity oddity;
    char *bare = never_null(talloc_strdup(notes->owner, text));
    place_lines(&reader, text, bare);
    if (reader.own_bytes > OWN_TEXT_LARGEST)
        return fail(error,
                    "the hand-in's lines come to more than %d bytes when its macros are "
                    "expanded",
                    OWN_TEXT_LARGEST);
    struct lexemes lexemes = lexer_read(notes->owner, bare, strlen(bare), &oddity);
    take_lexemes(&reader, &lexemes);
    *own = reader.found;
    return 0;
}
