/* SPDX-License-Identifier: MIT */
/*
 * Linked into hazard and into the runtime, so it calls nothing but what both have: see runtime/base.h.
 */
#include "explore/message/message.h"

#include <string.h>

static const char *const texts[SAY_COUNT] = {[SAY_NOTHING] = "",
#define X(name, english) [SAY_##name] = (english),
                                             MESSAGE_TEXTS(X)
#undef X
};

/* --- making one --- */

void message_add(struct message *message, struct message_part part) {
    if (message->part_count < MESSAGE_PARTS)
        message->parts[message->part_count++] = part;
}

void message_add_doing(struct message *message, struct message_doing doing) {
    for (int i = 0; i < MESSAGE_DOING && doing.parts[i].values[0] != SAY_NOTHING; i++)
        message_add(message, doing.parts[i]);
}

void message_set(struct message *message, struct message_part part) {
    message->part_count = 0;
    message_add(message, part);
}

uint64_t message_quote(struct message *message, const char *words) {
    size_t start = (size_t)message->quoted_length, room = MESSAGE_QUOTED - 1 - start, length = 0;
    if (words == NULL)
        words = "(null)";
    while (length < room && words[length] != '\0')
        length++;
    memcpy(message->quoted + start, words, length);
    message->quoted[start + length] = '\0';
    size_t next = start + length + 1;
    message->quoted_length = next < MESSAGE_QUOTED ? (int32_t)next : MESSAGE_QUOTED - 1;
    return start;
}

const struct message_part *message_find(const struct message *message, enum message_text text) {
    for (int i = 0; i < message->part_count; i++)
        if (message->parts[i].values[0] == text)
            return &message->parts[i];
    return NULL;
}

/* --- writing it --- */

static bool is_plural(const char *text) {
    return text[0] == '(' && text[1] == 's' && text[2] == ')';
}

static bool is_value(char c) {
    return c == '@' || c == '#' || c == '&' || c == '$' || c == '^';
}

bool message_has_object(enum message_text text) {
    for (const char *at = texts[text]; *at != '\0'; at++)
        if (*at == '@')
            return true;
    return false;
}

static void write_words(struct message_writer *writer, const char *words) {
    writer->words(writer, words, strlen(words));
}

static void write_number(struct message_writer *writer, uint64_t value, unsigned base) {
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    writer->words(writer, digits + at, sizeof digits - at);
}

static void write_signed(struct message_writer *writer, uint64_t value) {
    bool negative = (int64_t)value < 0;
    if (negative)
        write_words(writer, "-");
    write_number(writer, negative ? -value : value, 10);
}

static void write_thread(struct message_writer *writer, uint64_t number) {
    write_words(writer, number == 1 ? "main thread" : "thread ");
    if (number != 1)
        write_signed(writer, number);
}

static void write_value(struct message_writer *writer, char what, uint64_t value,
                        const char *quoted) {
    switch (what) {
    case '@':
        writer->object(writer, value);
        break;
    case '#':
        write_signed(writer, value);
        break;
    case '&':
        write_thread(writer, value);
        break;
    case '$':
        if (quoted != NULL && value < MESSAGE_QUOTED)
            write_words(writer, quoted + value);
        break;
    default:
        write_number(writer, value, 16);
    }
}

static void write_text(const char *text, const uint64_t *values, const char *quoted,
                       struct message_writer *writer) {
    uint64_t last = 0;
    while (*text != '\0') {
        size_t plain = 0;
        while (text[plain] != '\0' && !is_value(text[plain]) && !is_plural(text + plain))
            plain++;
        if (plain > 0) {
            writer->words(writer, text, plain);
        } else if (is_plural(text)) {
            plain = strlen("(s)");
            write_words(writer, last == 1 ? "" : "s");
        } else {
            plain = 1;
            last = *values++;
            write_value(writer, *text, last, quoted);
        }
        text += plain;
    }
}

static void write_part(const struct message_part *part, const char *quoted,
                       struct message_writer *writer) {
    write_text(texts[part->values[0]], part->values + 1, quoted, writer);
}

void message_write(const struct message *message, struct message_writer *writer) {
    for (int i = 0; i < message->part_count; i++)
        write_part(&message->parts[i], message->quoted, writer);
}

void message_write_doing(const struct message_doing *doing, struct message_writer *writer) {
    for (int i = 0; i < MESSAGE_DOING; i++)
        write_part(&doing->parts[i], NULL, writer);
}

void message_write_text(const char *text, const uint64_t *values, struct message_writer *writer) {
    write_text(text, values, NULL, writer);
}
