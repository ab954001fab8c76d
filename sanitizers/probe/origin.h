/* SPDX-License-Identifier: MIT */
/*
 * The HTTP server behind a proxy under test. It is driven by the loop that drives the clients, and
 * never waits; so what it holds back comes when a step says so, and not when a time is over.
 *
 * A path is /WAY/NUMBER, and each has a body of its own, so that no cache can answer for another.
 */
#ifndef HAZARD_PROBE_ORIGIN_H
#define HAZARD_PROBE_ORIGIN_H

#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/fail.h"

/* How it answers. */
enum origin_way {
    ORIGIN_PROMPT,
    ORIGIN_SLOW,   /* half of the body, and the rest when it is released */
    ORIGIN_SILENT, /* nothing; when it is released it closes the connection */
    ORIGIN_RESETS, /* half of the body, and then a reset */
    ORIGIN_WAYS
};

struct origin_server;

/* Listens on a free port of 127.0.0.1. It ends with its owner. NULL and *error. */
struct origin_server *origin_start(void *owner, struct error *error);

in_port_t origin_port(const struct origin_server *origin);

/* The address of an object, to be asked of the proxy, and its body; both below `owner`. */
const char *origin_url(void *owner, const struct origin_server *origin, enum origin_way way,
                       unsigned long number);
char *origin_body(void *owner, enum origin_way way, unsigned long number, size_t *length);

/* `fds` with what it waits for added behind the first `count`; the new count goes there. */
struct pollfd *origin_poll(void *owner, const struct origin_server *origin, struct pollfd *fds,
                           size_t *count);

/* Does what it can without waiting. */
void origin_advance(struct origin_server *origin);

/* Objects up to that number are held back no more, those that are asked for later included. */
void origin_release(struct origin_server *origin, unsigned long number);

/* The highest number that was asked for so far. */
unsigned long origin_latest(const struct origin_server *origin);

/* The number of the object that was asked for on the connection from that port of the proxy; 0 if
 * there is none. */
unsigned long origin_asked(const struct origin_server *origin, in_port_t proxy_port);

#endif
