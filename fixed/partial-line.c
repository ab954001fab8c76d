/* SPDX-License-Identifier: MIT */
/*
 * partial-line: an event-driven echo server that answers in whole lines.
 *
 * Bug (buggy/partial-line.c): poll says that something can be read, not that a line can. The server
 * reads on until it has the newline; half a line from one client stops it for all.
 *
 *   client 1               server                      client 2
 *   ---------------------  --------------------------  ---------------------
 *   send "hel"             poll: client 1 is readable
 *                          receive: "hel", no newline
 *   (out to lunch)         receive: waits              send "hello\n"
 *                          |                           read: blocks
 *
 * Fix (fixed/partial-line.c): take what is there without waiting, keep it in the client's buffer,
 * and go back to poll.
 * Class: CWE-1322, use of blocking code in single-threaded, non-blocking context.
 */
#include "../include/server.h"

#include <poll.h>
#include <stdbool.h>

enum { FDS = 256 }; /* a client with a higher descriptor is turned away */

struct client {
    size_t used; /* bytes received and not sent back yet */
    size_t due;  /* of these, to be sent back now: whole lines, or all if no more can come */
    char buf[256];
};

static struct client clients[FDS];
static struct pollfd polled[FDS]; /* both indexed by descriptor; poll skips those with fd -1 */

/* False when the client is done, or gone. */
static bool receive(int fd, struct client *c) {
    ssize_t n = recv(fd, c->buf + c->used, sizeof c->buf - c->used, MSG_DONTWAIT);
    if (n == -1)
        return errno == EAGAIN;
    c->used += (size_t)n;
    bool more = n > 0 && c->used < sizeof c->buf;
    c->due = c->used;
    while (more && c->due > 0 && c->buf[c->due - 1] != '\n')
        c->due--;
    return c->used > 0;
}

/* Sends what there is room for. False when the client is gone. */
static bool reply(int fd, struct client *c) {
    ssize_t n = send(fd, c->buf, c->due, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n == -1)
        return errno == EAGAIN;
    c->due -= (size_t)n;
    c->used -= (size_t)n;
    memmove(c->buf, c->buf + n, c->used);
    return true;
}

static void step(int fd, struct client *c) {
    bool there = c->due > 0 ? reply(fd, c) : receive(fd, c);
    polled[fd].events = c->due > 0 ? POLLOUT : POLLIN;
    if (there)
        return;
    close(fd);
    polled[fd].fd = -1;
}

static void welcome(int fd) {
    if (fd == -1)
        return;
    clients[fd] = (struct client){0};
    polled[fd] = (struct pollfd){.fd = fd, .events = POLLIN};
}

int main(int argc, char **argv) {
    int listenfd = listen_nonblocking(argc, argv);
    for (int fd = 0; fd < FDS; fd++)
        polled[fd].fd = -1;
    polled[listenfd] = (struct pollfd){.fd = listenfd, .events = POLLIN};
    for (;;) {
        must_errno(poll(polled, FDS, -1), "poll");
        for (int fd = 0; fd < FDS; fd++)
            if (polled[fd].revents != 0 && fd != listenfd)
                step(fd, &clients[fd]);
        if (polled[listenfd].revents != 0)
            welcome(accept_below(listenfd, FDS));
    }
}
