/* SPDX-License-Identifier: MIT */
#include "run/http_response.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"

struct http_reading {
    const char *at, *end;
    bool ended;
    void *owner;
    struct http_response *response;
};

static enum http_state wrong(struct http_reading *reading, const char *why) {
    reading->response->why = why;
    return HTTP_WRONG;
}

static enum http_state more(struct http_reading *reading, const char *unfinished) {
    return reading->ended ? wrong(reading, unfinished) : HTTP_MORE;
}

/* The next line, without its end; NULL if it is not whole. Lenient: a bare LF ends it, too. */
static const char *take_line(struct http_reading *reading, size_t *length) {
    const char *line = reading->at;
    const char *newline = memchr(line, '\n', (size_t)(reading->end - line));
    if (newline == NULL)
        return NULL;
    reading->at = newline + 1;
    *length = (size_t)(newline - line);
    *length -= *length > 0 && line[*length - 1] == '\r';
    return line;
}

/* Do the bytes fit, as far as they go? d stands for a digit. */
static bool begins_as(const char *bytes, size_t length, const char *shape) {
    for (size_t i = 0; i < length && shape[i] != '\0'; i++)
        if (shape[i] == 'd' ? !isdigit((unsigned char)bytes[i]) : bytes[i] != shape[i])
            return false;
    return true;
}

static enum http_state read_status_line(struct http_reading *reading) {
    static const char shape[] = "HTTP/1.d ddd";
    size_t have = (size_t)(reading->end - reading->at), length;
    if (!begins_as(reading->at, have, shape))
        return wrong(reading, "it does not begin with a status line, as HTTP/1.0 200 OK");
    const char *line = take_line(reading, &length);
    if (line == NULL)
        return more(reading, "the connection ended before the status line did");
    const char *after = line + strlen(shape);
    if (length < strlen(shape) || (length > strlen(shape) && *after != ' '))
        return wrong(reading, "its status line is none, as HTTP/1.0 200 OK is");
    reading->response->status = (int)strtol(after - 3, NULL, 10);
    return HTTP_WHOLE;
}

struct http_header {
    bool has_length, chunked;
    size_t length;
};

/* The value of the header field `name`; NULL if the line is another's. */
static const char *value_of(const char *line, size_t length, const char *name) {
    size_t known = strlen(name);
    if (length <= known || line[known] != ':' || strncasecmp(line, name, known) != 0)
        return NULL;
    return line + known + 1 + strspn(line + known + 1, " \t");
}

static enum http_state read_field(struct http_reading *reading, const char *line, size_t length,
                                  struct http_header *header) {
    const char *value = value_of(line, length, "Transfer-Encoding");
    if (value != NULL)
        header->chunked = strncasecmp(value, "chunked", 7) == 0;
    value = value_of(line, length, "Content-Length");
    if (value == NULL)
        return HTTP_WHOLE;
    char *end;
    header->length = strtoull(value, &end, 10);
    header->has_length = true;
    bool is_number = isdigit((unsigned char)*value) && end == value + strspn(value, "0123456789");
    end += strspn(end, " \t");
    return is_number && (*end == '\r' || *end == '\n')
               ? HTTP_WHOLE
               : wrong(reading, "its Content-Length is no number");
}

static enum http_state read_header(struct http_reading *reading, struct http_header *header) {
    size_t length;
    const char *line;
    while ((line = take_line(reading, &length)) != NULL) {
        if (length == 0)
            return HTTP_WHOLE;
        if (memchr(line, ':', length) == NULL)
            return wrong(reading, "a line of its header has no colon");
        if (read_field(reading, line, length, header) != HTTP_WHOLE)
            return HTTP_WRONG;
    }
    return more(reading, "the connection ended before the header did: an empty line ends it");
}

static void join_chunk(struct http_reading *reading, size_t size) {
    struct http_response *response = reading->response;
    char *joined = new_array(reading->owner, char, response->body_length + size + 1);
    memcpy(joined, response->body, response->body_length);
    memcpy(joined + response->body_length, reading->at, size);
    response->body = joined;
    response->body_length += size;
}

static enum http_state read_chunks(struct http_reading *reading) {
    static const char unfinished[] = "the connection ended before the last chunk";
    size_t length, size;
    const char *line;
    do {
        if ((line = take_line(reading, &length)) == NULL)
            return more(reading, unfinished);
        char *end;
        size = strtoull(line, &end, 16);
        if (!isxdigit((unsigned char)*line))
            return wrong(reading, "the size of a chunk is no hexadecimal number");
        if (size > 0 && (size_t)(reading->end - reading->at) < size)
            return more(reading, unfinished);
        join_chunk(reading, size);
        reading->at += size;
        if (size > 0 && ((line = take_line(reading, &length)) == NULL))
            return more(reading, unfinished);
    } while (size > 0);
    while ((line = take_line(reading, &length)) != NULL)
        if (length == 0)
            return HTTP_WHOLE;
    return more(reading, unfinished);
}

static enum http_state read_body(struct http_reading *reading, const struct http_header *header) {
    struct http_response *response = reading->response;
    size_t have = (size_t)(reading->end - reading->at);
    int status = response->status;
    bool empty = status < 200 || status == 204 || status == 304;
    response->body = reading->at;
    if (header->chunked && !empty)
        return read_chunks(reading);
    if (!empty && !header->has_length && !reading->ended)
        return HTTP_MORE;
    response->body_length = empty ? 0 : header->has_length ? header->length : have;
    if (have < response->body_length)
        return more(reading, "the connection ended before the body did, by its Content-Length");
    reading->at += response->body_length;
    return HTTP_WHOLE;
}

enum http_state http_response_read(void *owner, const char *bytes, size_t length, bool ended,
                                   struct http_response *response) {
    *response = (struct http_response){.why = ""};
    struct http_reading reading = {bytes, bytes + length, ended, owner, response};
    struct http_header header = {0};
    enum http_state state = read_status_line(&reading);
    if (state == HTTP_WHOLE)
        state = read_header(&reading, &header);
    if (state == HTTP_WHOLE)
        state = read_body(&reading, &header);
    response->used = (size_t)(reading.at - bytes);
    return state;
}
