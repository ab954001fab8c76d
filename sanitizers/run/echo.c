/* SPDX-License-Identifier: MIT */
#include "run/echo.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void cut(struct echo *echo, enum echo_state cut_in, int cause) {
    echo->state = ECHO_CUT;
    echo->cut_in = cut_in;
    echo->cause = cause;
}

static void note_own_port(struct echo *echo) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } own = {.v6 = {0}};
    socklen_t length = sizeof own;
    if (getsockname(echo->fd, &own.any, &length) == 0)
        echo->port = ntohs(own.any.sa_family == AF_INET6 ? own.v6.sin6_port : own.v4.sin_port);
}

void echo_open(struct echo *echo, const struct server_address *address, const char *text) {
    size_t length = strlen(text);
    *echo = (struct echo){.text = text, .length = length, .allowed = length, .expected = length};
    echo->fd =
        socket(address->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (echo->fd < 0) {
        cut(echo, ECHO_CONNECTING, errno);
        return;
    }
    int result = connect(echo->fd, (const struct sockaddr *)&address->address, address->length);
    if (result != 0 && errno != EINPROGRESS)
        cut(echo, ECHO_CONNECTING, errno);
    else
        echo->state = result == 0 ? ECHO_WRITING : ECHO_CONNECTING;
    note_own_port(echo);
}

short echo_events(const struct echo *echo) {
    bool writes = echo->state == ECHO_CONNECTING || echo->state == ECHO_WRITING;
    return (short)(POLLIN | (writes ? POLLOUT : 0));
}

/* POLLOUT comes when the connection stands or has failed; SO_ERROR tells which. */
static void finish_connect(struct echo *echo) {
    struct pollfd writable = {.fd = echo->fd, .events = POLLOUT};
    if (poll(&writable, 1, 0) <= 0)
        return;
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(echo->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0)
        cut(echo, ECHO_CONNECTING, error);
    else
        echo->state = ECHO_WRITING;
}

static void send_some(struct echo *echo) {
    while (echo->sent < echo->allowed) {
        ssize_t sent = send(echo->fd, echo->text + echo->sent, echo->allowed - echo->sent,
                            MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            if (errno != EAGAIN)
                cut(echo, ECHO_WRITING, errno);
            return;
        }
        echo->sent += (size_t)sent;
    }
}

/* True when the end of file has come. */
static bool receive_some(struct echo *echo) {
    char block[16384];
    for (;;) {
        ssize_t got = recv(echo->fd, block, sizeof block, MSG_DONTWAIT);
        if (got == 0)
            return true;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            if (errno != EAGAIN)
                cut(echo, ECHO_READING, errno);
            return false;
        }
        size_t length = (size_t)got;
        if (echo->end == ECHO_TAKES_ALL)
            continue;
        if (length > echo->sent - echo->received ||
            memcmp(block, echo->text + echo->received, length) != 0) {
            echo->foreign = echo->received == 0 && *block != *echo->text;
            echo->state = ECHO_WRONG;
            return false;
        }
        echo->received += length;
    }
}

/* Of one that takes all. */
static void settle_taking(struct echo *echo, bool end_of_file) {
    if (end_of_file)
        echo->state = ECHO_CONTENT;
    else
        echo->state = echo->sent < echo->allowed ? ECHO_WRITING : ECHO_READING;
}

static void settle_state(struct echo *echo, bool end_of_file) {
    bool all_back = echo->received >= echo->expected;
    bool ends = echo->end == ECHO_HALF_CLOSES && echo->expected == echo->length;
    if (end_of_file && !(ends && all_back))
        cut(echo, ECHO_READING, 0);
    else if (echo->sent < echo->allowed)
        echo->state = ECHO_WRITING;
    else if (!all_back)
        echo->state = ECHO_READING;
    else
        echo->state = ends && !end_of_file ? ECHO_ENDING : ECHO_CONTENT;
}

void echo_advance(struct echo *echo) {
    if (echo->fd < 0 || echo->state == ECHO_CUT || echo->state == ECHO_WRONG)
        return;
    if (echo->state == ECHO_CONNECTING)
        finish_connect(echo);
    if (echo->state == ECHO_CONNECTING || echo->state == ECHO_CUT)
        return;
    size_t before = echo->sent;
    send_some(echo);
    if (echo->end != ECHO_STAYS && echo->sent == echo->length && before < echo->length)
        shutdown(echo->fd, SHUT_WR);
    if (echo->state == ECHO_CUT)
        return;
    bool end_of_file = receive_some(echo);
    if (echo->end == ECHO_TAKES_ALL && echo->state != ECHO_CUT)
        settle_taking(echo, end_of_file);
    else if (echo->state != ECHO_CUT && echo->state != ECHO_WRONG)
        settle_state(echo, end_of_file);
}

bool echo_next_line(struct echo *echo) {
    if (echo->allowed == echo->length)
        return false;
    const char *newline = strchr(echo->text + echo->allowed, '\n');
    echo->allowed = newline == NULL ? echo->length : (size_t)(newline + 1 - echo->text);
    echo->expected = echo->allowed;
    echo_advance(echo);
    return true;
}

bool echo_waits(const struct echo *echo) {
    return echo->fd >= 0 && echo->state < ECHO_CONTENT;
}

void echo_close(struct echo *echo) {
    if (echo->fd >= 0)
        close(echo->fd);
    echo->fd = -1;
}

void echo_reset(struct echo *echo) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (echo->fd >= 0)
        setsockopt(echo->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    echo_close(echo);
}
