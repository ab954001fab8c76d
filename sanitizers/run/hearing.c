/* SPDX-License-Identifier: MIT */
#include "run/hearing.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "run/http_response.h"

#define QUOTED 40 /* bytes */

/* As a dialogue file writes it. */
static const char *written(char byte, char buffer[5]) {
    static const char bytes[] = "\n\r\t\\\"", names[] = "nrt\\\"";
    const char *special = byte == '\0' ? NULL : strchr(bytes, byte);
    if (special != NULL)
        snprintf(buffer, 5, "\\%c", names[special - bytes]);
    else
        snprintf(buffer, 5, isprint((unsigned char)byte) ? "%c" : "\\x%02x", (unsigned char)byte);
    return buffer;
}

const char *hearing_quote(void *owner, const char *bytes, size_t length) {
    char buffer[5], *quote = talloc_strdup(owner, "\"");
    for (size_t i = 0; i < length && i < QUOTED; i++)
        quote = talloc_strdup_append(quote, written(bytes[i], buffer));
    return talloc_strdup_append(quote, length > QUOTED ? "...\"" : "\"");
}

static struct hearing wrong(const char *why) {
    return (struct hearing){.heard = HEARD_WRONG, .why = why};
}

static struct hearing is_not(void *owner, const char *expected, const char *bytes, size_t length) {
    return wrong(talloc_asprintf(owner, "it expects %s, and got %s", expected,
                                 hearing_quote(owner, bytes, length)));
}

static struct hearing hear_text(void *owner, const struct turn *turn, const char *bytes,
                                size_t length) {
    size_t known = length < turn->length ? length : turn->length;
    if (memcmp(bytes, turn->text, known) == 0)
        return (struct hearing){.heard = known == turn->length ? HEARD_ALL : HEARD_MORE,
                                .used = known};
    size_t same = 0;
    while (bytes[same] == turn->text[same])
        same++;
    if (same < QUOTED / 2) /* the difference shows in the quotes */
        return is_not(owner, hearing_quote(owner, turn->text, turn->length), bytes, length);
    return wrong(talloc_asprintf(owner, "after %zu bytes it expects %s, and got %s", same,
                                 hearing_quote(owner, turn->text + same, turn->length - same),
                                 hearing_quote(owner, bytes + same, length - same)));
}

static struct hearing hear_line(void *owner, const struct turn *turn, const char *bytes,
                                size_t length, bool ended) {
    const char *newline = memchr(bytes, '\n', length);
    if (newline == NULL && !(ended && length > 0))
        return (struct hearing){.heard = HEARD_MORE};
    size_t used = newline == NULL ? length : (size_t)(newline + 1 - bytes);
    size_t line_length = newline == NULL ? length : used - 1;
    line_length -= line_length > 0 && bytes[line_length - 1] == '\r';
    char *line = talloc_strndup(owner, bytes, line_length);
    if (fnmatch(turn->text, line, 0) == 0)
        return (struct hearing){.heard = HEARD_ALL, .used = used};
    return is_not(
        owner,
        talloc_asprintf(owner, "a line like %s", hearing_quote(owner, turn->text, turn->length)),
        bytes, used);
}

static struct hearing hear_response(void *owner, const struct turn *turn, const char *bytes,
                                    size_t length, bool ended) {
    struct http_response response;
    if (length == 0)
        return (struct hearing){.heard = HEARD_MORE};
    enum http_state state = http_response_read(owner, bytes, length, ended, &response);
    if (state == HTTP_MORE)
        return (struct hearing){.heard = HEARD_MORE};
    if (state == HTTP_WRONG)
        return wrong(talloc_asprintf(owner, "the answer %s is no HTTP response: %s",
                                     hearing_quote(owner, bytes, length), response.why));
    if (turn->status != 0 && response.status != turn->status)
        return wrong(talloc_asprintf(owner, "it expects status %d, and got %d: %s", turn->status,
                                     response.status, hearing_quote(owner, bytes, length)));
    bool other = turn->text != NULL && (response.body_length != turn->length ||
                                        memcmp(response.body, turn->text, turn->length) != 0);
    if (!other)
        return (struct hearing){.heard = HEARD_ALL, .used = response.used};
    struct hearing misled = wrong(talloc_asprintf(
        owner, "it expects a body of %zu bytes, %s, and got %zu bytes, %s", turn->length,
        hearing_quote(owner, turn->text, turn->length), response.body_length,
        hearing_quote(owner, response.body, response.body_length)));
    misled.misled = true;
    return misled;
}

struct hearing hearing_of(void *owner, const struct turn *turn, const char *bytes, size_t length,
                          bool ended) {
    switch (turn->kind) {
    case TURN_EXPECT:
        return hear_text(owner, turn, bytes, length);
    case TURN_LINE:
        return hear_line(owner, turn, bytes, length, ended);
    case TURN_RESPONSE:
        return hear_response(owner, turn, bytes, length, ended);
    case TURN_END:
        if (length > 0)
            return is_not(owner, "the end of file", bytes, length);
        return (struct hearing){.heard = ended ? HEARD_ALL : HEARD_MORE};
    case TURN_SEND:
    case TURN_SEND_END:
    case TURN_PAUSE:
        break;
    }
    return (struct hearing){.heard = HEARD_ALL};
}
