/* SPDX-License-Identifier: MIT */
#include "probe/origin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"

/* More than a proxy can write in one go to a client that is gone without noticing it. */
#define LONG_BODY 65536
#define SHORT_BODY 512

static const char *const way_names[ORIGIN_WAYS] = {
    [ORIGIN_PROMPT] = "prompt",
    [ORIGIN_SLOW] = "slow",
    [ORIGIN_SILENT] = "silent",
    [ORIGIN_RESETS] = "resets",
};

/* One connection of the proxy. */
struct origin_errand {
    int fd;
    in_port_t port; /* the proxy's */
    char request[8192];
    size_t asked; /* bytes of the request */
    bool whole;   /* its header is */
    bool ended;   /* the proxy says no more */
    enum origin_way way;
    unsigned long number;
    char *answer;
    size_t length, sent;
};

struct origin_server {
    int fd;
    in_port_t port;
    unsigned long released, latest; /* numbers of objects */
    struct origin_errand **errands;
    size_t count;
};

/* ---- Objects --------------------------------------------------------------------------------- */

const char *origin_url(void *owner, const struct origin_server *origin, enum origin_way way,
                       unsigned long number) {
    return talloc_asprintf(owner, "http://127.0.0.1:%u/%s/%lu", origin->port, way_names[way],
                           number);
}

char *origin_body(void *owner, enum origin_way way, unsigned long number, size_t *length) {
    *length = way == ORIGIN_PROMPT ? SHORT_BODY : LONG_BODY;
    char line[64];
    size_t line_length = (size_t)snprintf(line, sizeof line, "object %lu of the origin\n", number);
    char *body = new_array(owner, char, *length + 1);
    for (size_t i = 0; i < *length; i++)
        body[i] = line[i % line_length];
    return body;
}

/* ---- Start and end --------------------------------------------------------------------------- */

static void close_errand(struct origin_server *origin, size_t which) {
    close(origin->errands[which]->fd);
    talloc_free(origin->errands[which]);
    origin->errands[which] = origin->errands[--origin->count];
}

static int close_all(struct origin_server *origin) {
    while (origin->count > 0)
        close_errand(origin, origin->count - 1);
    if (origin->fd >= 0)
        close(origin->fd);
    return 0;
}

struct origin_server *origin_start(void *owner, struct error *error) {
    struct origin_server *origin = never_null(talloc_zero(owner, struct origin_server));
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof at;
    origin->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    talloc_set_destructor(origin, close_all);
    if (origin->fd < 0 || bind(origin->fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(origin->fd, SOMAXCONN) != 0 ||
        getsockname(origin->fd, (struct sockaddr *)&at, &length) != 0) {
        fail(error, "cannot start an origin server on 127.0.0.1: %s", strerror(errno));
        return NULL;
    }
    origin->port = ntohs(at.sin_port);
    return origin;
}

in_port_t origin_port(const struct origin_server *origin) {
    return origin->port;
}

/* ---- Requests -------------------------------------------------------------------------------- */

static bool accept_one(struct origin_server *origin) {
    struct sockaddr_in from = {0};
    socklen_t length = sizeof from;
    int fd = accept4(origin->fd, (struct sockaddr *)&from, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return false;
    struct origin_errand *errand = never_null(talloc_zero(origin, struct origin_errand));
    errand->fd = fd;
    errand->port = ntohs(from.sin_port);
    origin->errands =
        grow_array(origin, origin->errands, struct origin_errand *, origin->count + 1);
    origin->errands[origin->count++] = errand;
    return true;
}

/* The object that the first line names; a path that is none of ours gets a short one, of number 0. */
static void find_object(struct origin_errand *errand) {
    const char *end = strchr(errand->request, '\n');
    for (enum origin_way way = 0; way < ORIGIN_WAYS; way++) {
        char path[16];
        snprintf(path, sizeof path, "/%s/", way_names[way]);
        const char *at = strstr(errand->request, path);
        if (at == NULL || end == NULL || at > end)
            continue;
        errand->way = way;
        errand->number = strtoul(at + strlen(path), NULL, 10);
    }
}

static void make_answer(struct origin_errand *errand) {
    size_t length;
    find_object(errand);
    char *body = origin_body(errand, errand->way, errand->number, &length);
    errand->answer = talloc_asprintf(
        errand, "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s",
        length, body);
    errand->length = strlen(errand->answer);
}

/* False when the connection is gone. */
static bool read_request(struct origin_errand *errand) {
    char rest[512]; /* what comes after the header is of no interest */
    while (!errand->ended) {
        bool full = errand->whole || errand->asked == sizeof errand->request - 1;
        ssize_t got = full ? recv(errand->fd, rest, sizeof rest, MSG_DONTWAIT)
                           : recv(errand->fd, errand->request + errand->asked,
                                  sizeof errand->request - 1 - errand->asked, MSG_DONTWAIT);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
        errand->ended = got == 0;
        errand->asked += full ? 0 : (size_t)got;
        if (!errand->whole && (strstr(errand->request, "\r\n\r\n") != NULL ||
                               strstr(errand->request, "\n\n") != NULL)) {
            errand->whole = true;
            make_answer(errand);
        }
    }
    return errand->whole;
}

/* ---- Answers --------------------------------------------------------------------------------- */

/* How much of the answer may go out now. */
static size_t allowed(const struct origin_server *origin, const struct origin_errand *errand) {
    if (!errand->whole || errand->way == ORIGIN_SILENT)
        return 0;
    bool half = errand->way == ORIGIN_RESETS ||
                (errand->way == ORIGIN_SLOW && errand->number > origin->released);
    return half ? errand->length - LONG_BODY / 2 : errand->length;
}

static void reset(struct origin_errand *errand) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    setsockopt(errand->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/* False when it is over. */
static bool answer(struct origin_server *origin, struct origin_errand *errand) {
    size_t end = allowed(origin, errand);
    if (errand->number > origin->latest)
        origin->latest = errand->number;
    while (errand->sent < end) {
        ssize_t sent = send(errand->fd, errand->answer + errand->sent, end - errand->sent,
                            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        errand->sent += (size_t)sent;
    }
    if (!errand->whole)
        return true;
    if (errand->way == ORIGIN_RESETS)
        reset(errand);
    bool closes = errand->way == ORIGIN_SILENT && errand->number <= origin->released;
    return errand->way != ORIGIN_RESETS && !closes && errand->sent < errand->length;
}

void origin_advance(struct origin_server *origin) {
    while (accept_one(origin))
        ;
    for (size_t i = origin->count; i-- > 0;)
        if (!read_request(origin->errands[i]) || !answer(origin, origin->errands[i]))
            close_errand(origin, i);
}

void origin_release(struct origin_server *origin, unsigned long number) {
    origin->released = number;
    origin_advance(origin);
}

struct pollfd *origin_poll(void *owner, const struct origin_server *origin, struct pollfd *fds,
                           size_t *count) {
    fds = grow_array(owner, fds, struct pollfd, *count + origin->count + 1);
    fds[(*count)++] = (struct pollfd){.fd = origin->fd, .events = POLLIN};
    for (size_t i = 0; i < origin->count; i++) {
        const struct origin_errand *errand = origin->errands[i];
        bool says = errand->sent < allowed(origin, errand);
        short events = (short)((errand->ended ? 0 : POLLIN) | (says ? POLLOUT : 0));
        /* (One that is waited for in vain would be reported at once if the proxy were gone.) */
        fds[(*count)++] = (struct pollfd){.fd = events == 0 ? -1 : errand->fd, .events = events};
    }
    return fds;
}

unsigned long origin_latest(const struct origin_server *origin) {
    return origin->latest;
}

unsigned long origin_asked(const struct origin_server *origin, in_port_t proxy_port) {
    for (size_t i = 0; i < origin->count; i++)
        if (origin->errands[i]->port == proxy_port)
            return origin->errands[i]->number;
    return 0;
}
