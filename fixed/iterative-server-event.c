/* SPDX-License-Identifier: MIT */
/*
 * iterative-server-event: the echo server as one loop over events.
 *
 * Variant: one thread, no races. It never waits for one client, only for all of them at once, in
 * epoll_wait. What a blocked thread keeps on its stack is data here: a buffer per client, and how
 * much of it is sent. While a client has unsent bytes it is not read, so its memory is bounded.
 *
 *   client 1               server                 client 2
 *   ---------------------  ---------------------  -------------------------------------
 *   connect                accept: client 1
 *   (out to lunch)         epoll_wait
 *                          accept: client 2       connect
 *                          epoll_wait             write
 *                          recv, send: client 2   read: returns
 */
#include "../include/server.h"

#include <stdbool.h>
#include <sys/epoll.h>

enum { FDS = 1024 }; /* a client with a higher descriptor is turned away */

struct client {
    size_t start, end; /* buf[start, end) is received and not sent yet */
    char buf[512];
};

static struct client clients[FDS]; /* indexed by descriptor */

/* Watches a descriptor for what it needs next: room to send, or something to receive. */
static void watch(int epfd, int op, int fd) {
    bool unsent = clients[fd].start < clients[fd].end;
    struct epoll_event want = {.events = unsent ? EPOLLOUT : EPOLLIN, .data.fd = fd};
    must_errno(epoll_ctl(epfd, op, fd, &want), "epoll_ctl");
}

/* One recv or one send, neither of which waits. False when the client is done, or gone. */
static bool step(int fd, struct client *c) {
    ssize_t n;
    if (c->start == c->end) {
        n = recv(fd, c->buf, sizeof c->buf, MSG_DONTWAIT);
        c->start = 0;
        c->end = n > 0 ? (size_t)n : 0;
    } else {
        n = send(fd, c->buf + c->start, c->end - c->start, MSG_DONTWAIT | MSG_NOSIGNAL);
        c->start += n > 0 ? (size_t)n : 0;
    }
    return n > 0 || (n == -1 && errno == EAGAIN);
}

static void welcome(int epfd, int fd) {
    if (fd == -1)
        return;
    clients[fd].start = clients[fd].end = 0;
    watch(epfd, EPOLL_CTL_ADD, fd);
}

int main(int argc, char **argv) {
    int listenfd = listen_nonblocking(argc, argv);
    int epfd = must_errno(epoll_create1(0), "epoll_create1");
    watch(epfd, EPOLL_CTL_ADD, listenfd);
    for (;;) {
        struct epoll_event event;
        must_errno(epoll_wait(epfd, &event, 1, -1), "epoll_wait");
        int fd = event.data.fd;
        if (fd == listenfd)
            welcome(epfd, accept_below(listenfd, FDS));
        else if (step(fd, &clients[fd]))
            watch(epfd, EPOLL_CTL_MOD, fd);
        else
            close(fd); /* which also ends the watch */
    }
}
