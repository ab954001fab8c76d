/* SPDX-License-Identifier: MIT */
/*
 * sigpipe: an echo server with a thread per client; a client resets in the middle of a long echo.
 *
 * Bug (buggy/sigpipe.c): a piece that cannot be sent is left to the next read to notice. But what
 * the client sent before it went is still there to be read, so the server goes on writing, and a
 * write to a connection that is known to be dead raises SIGPIPE. That ends the whole process.
 *
 *   client 1               thread 2                      client 2
 *   ---------------------  ----------------------------  ---------------------
 *   send a long line       read a piece, write it        being served
 *   reset                  read a piece
 *                          write: -1 (ECONNRESET)
 *                          read a piece (it is there)
 *                          write: SIGPIPE                its server is dead
 *
 * Fix (fixed/sigpipe.c): MSG_NOSIGNAL. The call fails with EPIPE instead, thread 2 reads what is
 * left of its client, and only this client is gone.
 * Class: CWE-754, improper check for unusual or exceptional conditions.
 */
#include "../include/server.h"

#include <stdint.h>

/* Sends all n bytes; -1 when the client is gone. */
static int send_all(int connfd, const char *buf, ssize_t n) {
    while (n > 0) {
        ssize_t sent = write(connfd, buf, (size_t)n); /* HAZARD: SIGPIPE when the client is gone */
        if (sent == -1)
            return -1;
        buf += sent;
        n -= sent;
    }
    return 0;
}

static void *serve(void *arg) {
    must(pthread_detach(pthread_self()), "pthread_detach");
    int connfd = (int)(intptr_t)arg;
    char piece[64];
    ssize_t n;
    while ((n = read(connfd, piece, sizeof piece)) > 0)
        send_all(connfd, piece, n); /* a client that is gone shows at the next read */
    close(connfd);
    return NULL;
}

int main(int argc, char **argv) {
    int listenfd = listen_on(argc, argv, BACKLOG);
    for (;;) {
        int connfd = must_errno(accept(listenfd, NULL, NULL), "accept");
        void *arg = (void *)(intptr_t)connfd; /* by value: see the hazard connfd-race */
        pthread_t tid;
        must(pthread_create(&tid, NULL, serve, arg), "pthread_create");
    }
}
