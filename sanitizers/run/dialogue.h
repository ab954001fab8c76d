/* SPDX-License-Identifier: MIT */
/* What one client says to a server and what it hears, turn by turn. */
#ifndef HAZARD_RUN_DIALOGUE_H
#define HAZARD_RUN_DIALOGUE_H

#include <stddef.h>

enum turn_kind {
    TURN_SEND,     /* says the text */
    TURN_SEND_END, /* ends its writing side */
    TURN_EXPECT,   /* the bytes of the text come next */
    TURN_LINE,     /* a line comes that fits the text, a pattern of fnmatch(3) */
    TURN_RESPONSE, /* a whole HTTP response comes */
    TURN_END,      /* the end of file comes */
    TURN_PAUSE     /* nothing: here a client may be made to stop */
};

struct turn {
    enum turn_kind kind;
    const char *
        text; /* NUL-terminated, and may have NULs inside; of TURN_RESPONSE the body, or NULL: any */
    size_t length;
    int status; /* of TURN_RESPONSE; 0: any */
    int line;   /* of the file; 0: hazard's own */
};

struct dialogue {
    const char *path; /* NULL: hazard's own */
    const char *noun; /* what a report calls that which a client sends: "line", "request" */
    struct turn *turns;
    size_t count;
};

/* An empty one, below `owner`. */
struct dialogue *dialogue_new(void *owner, const char *noun);

/* The text is copied; it may be NULL. */
struct turn *dialogue_add(struct dialogue *dialogue, enum turn_kind kind, const char *text,
                          size_t length);

/* The same, where each {client} in a text is the client's number. */
struct dialogue *dialogue_for_client(void *owner, const struct dialogue *dialogue, size_t client);

/* The first turn of that kind, from turn `from` on; `count` if there is none. */
size_t dialogue_find(const struct dialogue *dialogue, enum turn_kind kind, size_t from);

#endif
