/* SPDX-License-Identifier: MIT */
/*
 * iterative-server-thread: the echo server with a thread per client.
 *
 * Variant: cheaper than a process and sharing all memory, for better and for worse: a crash in one
 * thread takes every client along. The descriptor travels by value, so that the next accept cannot
 * overwrite it (hazard connfd-race), and nobody joins the threads, so they are detached (hazard
 * detached-leak).
 *
 *   client 1               server                 client 2
 *   ---------------------  ---------------------  -------------------------------------
 *   connect                main: accept
 *   (out to lunch)         thread 2: read
 *                          main: accept           connect
 *                          thread 3: read         write
 *                          thread 3: send         read: returns
 */
#include "../include/server.h"

#include <stdint.h>

static void *serve(void *arg) {
    must(pthread_detach(pthread_self()), "pthread_detach");
    int connfd = (int)(intptr_t)arg;
    echo(connfd);
    close(connfd);
    return NULL;
}

int main(int argc, char **argv) {
    int listenfd = listen_on(argc, argv, BACKLOG);
    for (;;) {
        int connfd = must_errno(accept(listenfd, NULL, NULL), "accept");
        pthread_t tid;
        must(pthread_create(&tid, NULL, serve, (void *)(intptr_t)connfd), "pthread_create");
    }
}
