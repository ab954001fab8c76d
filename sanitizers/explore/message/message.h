/* SPDX-License-Identifier: MIT */
/*
 * What the runtime says of the program, without a word of English: parts, each the number of a text and
 * the values that the text asks for. The words are written once, in the lists of texts that are
 * included here, and put together where they are read: by hazard, which has names for addresses, and
 * by the runtime of a program that was started by hand, with nobody else to read it.
 *
 * In a text stand for a value, in the order of the values:
 *
 *   @    an object, by its address
 *   #    a number
 *   &    a thread, by its number in the order of creation: 1 is the main thread
 *   $    words of the program's own: what message_quote() has answered
 *   ^    an address as it is
 *   (s)  no value: an s, unless the number before is 1
 */
#ifndef HAZARD_EXPLORE_MESSAGE_MESSAGE_H
#define HAZARD_EXPLORE_MESSAGE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "explore/message/failure_texts.h"
#include "explore/message/finding_texts.h"
#include "explore/message/header_texts.h"
#include "explore/message/memory_texts.h"
#include "explore/message/reason_texts.h"

#define MESSAGE_TEXTS(X)                                                                           \
    SYNC_TEXTS(X)                                                                                  \
    MISUSE_TEXTS(X)                                                                                \
    WAIT_TEXTS(X)                                                                                  \
    MEMORY_TEXTS(X)                                                                                \
    END_TEXTS(X)                                                                                   \
    CAUSE_TEXTS(X)                                                                                 \
    REFUSAL_TEXTS(X)                                                                               \
    UNSUPPORTED_TEXTS(X)                                                                           \
    HEADER_TEXTS(X)                                                                                \
    FAILURE_TEXTS(X)                                                                               \
    KIND_TEXTS(X)

enum message_text {
    SAY_NOTHING,
#define X(name, english) SAY_##name,
    MESSAGE_TEXTS(X)
#undef X
        SAY_COUNT
};

enum {
    MESSAGE_VALUES = 3,  /* of one text */
    MESSAGE_PARTS = 28,  /* of one message */
    MESSAGE_DOING = 3,   /* parts of what an actor does */
    MESSAGE_QUOTED = 480 /* bytes of the program's own words */
};

struct message_part {
    uint64_t values[1 + MESSAGE_VALUES]; /* [0]: enum message_text */
};
#define PART(...) ((struct message_part){{__VA_ARGS__}})

/* What an actor does; what comes behind the last part says nothing. */
struct message_doing {
    struct message_part parts[MESSAGE_DOING];
};
#define DOING(...) ((struct message_doing){{__VA_ARGS__}})

struct message {
    int32_t part_count;
    int32_t quoted_length;
    struct message_part parts[MESSAGE_PARTS];
    char quoted[MESSAGE_QUOTED];
};

/* One more part; those that find no room are left out. */
void message_add(struct message *message, struct message_part part);
void message_add_doing(struct message *message, struct message_doing doing);

/* That part in place of all others. */
void message_set(struct message *message, struct message_part part);

/* Keeps a copy of the words, cut if they are long: the value for a $. */
uint64_t message_quote(struct message *message, const char *words);

/* The first part with that text; NULL: none. */
const struct message_part *message_find(const struct message *message, enum message_text text);

/* Does the text have an object in it? */
bool message_has_object(enum message_text text);

/* Where the words go. */
struct message_writer {
    void (*words)(struct message_writer *writer, const char *words, size_t length);
    void (*object)(struct message_writer *writer, uint64_t address);
};

void message_write(const struct message *message, struct message_writer *writer);
void message_write_doing(const struct message_doing *doing, struct message_writer *writer);

/* A text that is in none of the lists; it quotes nothing. */
void message_write_text(const char *text, const uint64_t *values, struct message_writer *writer);

#endif
