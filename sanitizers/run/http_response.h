/* SPDX-License-Identifier: MIT */
/* An HTTP response as it comes in: where it ends, by RFC 9112. */
#ifndef HAZARD_RUN_HTTP_RESPONSE_H
#define HAZARD_RUN_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

enum http_state { HTTP_MORE, HTTP_WHOLE, HTTP_WRONG };

struct http_response {
    int status;
    const char *body; /* in the bytes, or joined of its chunks, below the owner */
    size_t body_length;
    size_t used;     /* bytes of all of it */
    const char *why; /* of HTTP_WRONG, one line without names or numbers of the moment */
};

/*
 * Is a whole response in the bytes? `ended`: no more will come. Its body ends by Content-Length, by
 * its last chunk, or with the connection.
 */
enum http_state http_response_read(void *owner, const char *bytes, size_t length, bool ended,
                                   struct http_response *response);

#endif
