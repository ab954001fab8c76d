/* SPDX-License-Identifier: MIT */
#include "run/dialogue_read.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

/* What may follow a word. */
enum follows { FOLLOWS_NOTHING, FOLLOWS_TEXT, FOLLOWS_RESPONSE };

static const struct dialogue_word {
    const char *word, *usage;
    enum turn_kind kind;
    enum follows follows;
} words[] = {
    {"send", "send \"TEXT\"", TURN_SEND, FOLLOWS_TEXT},
    {"send-end", "send-end", TURN_SEND_END, FOLLOWS_NOTHING},
    {"expect", "expect \"TEXT\"", TURN_EXPECT, FOLLOWS_TEXT},
    {"expect-line", "expect-line \"PATTERN\"", TURN_LINE, FOLLOWS_TEXT},
    {"expect-response", "expect-response [STATUS] [\"BODY\"]", TURN_RESPONSE, FOLLOWS_RESPONSE},
    {"expect-end", "expect-end", TURN_END, FOLLOWS_NOTHING},
    {"pause", "pause", TURN_PAUSE, FOLLOWS_NOTHING},
};

struct reading {
    const char *path, *at;
    int line;
    struct dialogue *dialogue;
    struct error *error;
};

#define REFUSE(reading, ...) refuse(reading, talloc_asprintf((reading)->dialogue, __VA_ARGS__))

static int refuse(const struct reading *reading, const char *what) {
    return fail(reading->error, "%s:%d: %s", reading->path, reading->line, what);
}

static void skip_blanks(struct reading *reading) {
    reading->at += strspn(reading->at, " \t\r");
}

static bool at_end_of_line(const struct reading *reading) {
    return *reading->at == '\0' || *reading->at == '\n' || *reading->at == '#';
}

/* ---- Texts ----------------------------------------------------------------------------------- */

static int hex_byte(const char *at) {
    if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]))
        return -1;
    char digits[] = {at[0], at[1], '\0'};
    return (int)strtol(digits, NULL, 16);
}

/* The byte after a backslash; -1 and the error if it stands for none. */
static int read_escape(struct reading *reading) {
    static const char names[] = "nrt\\\"", bytes[] = "\n\r\t\\\"";
    char name = *reading->at;
    const char *known = name == '\0' ? NULL : strchr(names, name);
    int byte = name == 'x' ? hex_byte(reading->at + 1) : known != NULL ? bytes[known - names] : -1;
    if (byte < 0)
        return REFUSE(reading,
                      "\\%.1s is no escape; there are \\n \\r \\t \\\\ \\\" and \\xHH with two "
                      "hexadecimal digits",
                      name == '\n' ? "" : reading->at);
    reading->at += name == 'x' ? 3 : 1;
    return byte;
}

/* From one quote to the other. NULL and the error if it cannot be read. */
static char *read_text(struct reading *reading, size_t *length) {
    char *text = new_array(reading->dialogue, char, strcspn(reading->at, "\n") + 1);
    *length = 0;
    for (reading->at++; *reading->at != '"'; (*length)++) {
        if (*reading->at == '\0' || *reading->at == '\n') {
            REFUSE(reading, "the closing quote is missing; a line break is written \\n");
            return NULL;
        }
        int byte = (unsigned char)*reading->at++;
        if (byte == '\\' && (byte = read_escape(reading)) < 0)
            return NULL;
        text[*length] = (char)byte;
    }
    reading->at++;
    return text;
}

/* ---- Lines ----------------------------------------------------------------------------------- */

static const char *word_list(void *owner) {
    const char *list = words[0].word;
    for (size_t i = 1; i < sizeof words / sizeof *words; i++)
        list = talloc_asprintf(owner, "%s, %s", list, words[i].word);
    return list;
}

static const struct dialogue_word *read_word(struct reading *reading) {
    size_t length = strcspn(reading->at, " \t\r\n\"#");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].word) != length || strncmp(words[i].word, reading->at, length) != 0)
            continue;
        reading->at += length;
        return &words[i];
    }
    if (length == 0)
        REFUSE(reading, "a line begins with a word, not with a text; perhaps: send \"...\"");
    else
        REFUSE(reading, "'%.*s' is no word of a dialogue; there are %s",
               length > 40 ? 40 : (int)length, reading->at, word_list(reading->dialogue));
    return NULL;
}

static int read_status(struct reading *reading, int *status) {
    char *end;
    long value = strtol(reading->at, &end, 10);
    if (value < 100 || value > 599 || end - reading->at != 3)
        return REFUSE(reading, "a status is a number from 100 to 599");
    reading->at = end;
    *status = (int)value;
    skip_blanks(reading);
    return 0;
}

static int read_what_follows(struct reading *reading, const struct dialogue_word *word) {
    int status = 0;
    size_t length = 0;
    char *text = NULL;
    skip_blanks(reading);
    if (word->follows == FOLLOWS_RESPONSE && isdigit((unsigned char)*reading->at) &&
        read_status(reading, &status) != 0)
        return -1;
    if (word->follows != FOLLOWS_NOTHING && *reading->at == '"' &&
        (text = read_text(reading, &length)) == NULL)
        return -1;
    skip_blanks(reading);
    if (!at_end_of_line(reading) || (word->follows == FOLLOWS_TEXT && text == NULL))
        return REFUSE(reading, "it is written: %s", word->usage);
    if (word->follows == FOLLOWS_TEXT && length == 0)
        return REFUSE(reading, "the text of %s is empty", word->word);
    if (word->kind == TURN_LINE && (strlen(text) < length || strchr(text, '\n') != NULL))
        return REFUSE(reading, "expect-line takes one line without its end: no \\n, no \\x00");
    struct turn *turn = dialogue_add(reading->dialogue, word->kind, text, length);
    turn->status = status;
    turn->line = reading->line;
    return 0;
}

/* What a turn may not come after. */
static int check_order(const struct reading *reading, const struct dialogue_word *word) {
    const struct dialogue *so_far = reading->dialogue;
    if (so_far->count > 0 && so_far->turns[so_far->count - 1].kind == TURN_END)
        return REFUSE(reading, "nothing comes after expect-end: the connection is closed");
    bool says = word->kind == TURN_SEND || word->kind == TURN_SEND_END;
    size_t end = dialogue_find(so_far, TURN_SEND_END, 0);
    if (says && end < so_far->count)
        return REFUSE(reading, "after send-end (line %d) nothing can be sent",
                      so_far->turns[end].line);
    size_t pause = dialogue_find(so_far, TURN_PAUSE, 0);
    if (word->kind == TURN_PAUSE && pause < so_far->count)
        return REFUSE(reading, "a second pause (the first is line %d): leave one",
                      so_far->turns[pause].line);
    return 0;
}

static int read_line(struct reading *reading) {
    skip_blanks(reading);
    if (at_end_of_line(reading))
        return 0;
    const struct dialogue_word *word = read_word(reading);
    if (word == NULL || check_order(reading, word) != 0)
        return -1;
    return read_what_follows(reading, word);
}

static bool hears(enum turn_kind kind) {
    return kind == TURN_EXPECT || kind == TURN_LINE || kind == TURN_RESPONSE || kind == TURN_END;
}

struct dialogue *dialogue_parse(void *owner, const char *path, const char *text,
                                struct error *error) {
    struct dialogue *dialogue = dialogue_new(owner, "message");
    dialogue->path = talloc_strdup(dialogue, path);
    struct reading reading = {path, text, 0, dialogue, error};
    do {
        reading.line++;
        if (read_line(&reading) != 0)
            return NULL;
        reading.at += strcspn(reading.at, "\n");
    } while (*reading.at++ == '\n');
    for (size_t i = 0; i < dialogue->count; i++)
        if (hears(dialogue->turns[i].kind))
            return dialogue;
    fail(error,
         "%s: nothing is expected in it: add what the server answers, as in: expect \"OK\\n\"",
         path);
    return NULL;
}

struct dialogue *dialogue_read(void *owner, const char *path, struct error *error) {
    char *text = file_read(owner, path, error);
    if (text == NULL)
        return NULL;
    if (strlen(text) + 1 < talloc_get_size(text)) {
        fail(error, "%s: a byte in it is zero: write it as \\x00 in a text", path);
        return NULL;
    }
    return dialogue_parse(owner, path, text, error);
}
