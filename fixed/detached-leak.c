/* SPDX-License-Identifier: MIT */
/*
 * detached-leak: an echo server with a thread per client that nobody joins.
 *
 * Bug (buggy/detached-leak.c): a thread that has ended keeps its stack and its result for whoever
 * joins it. Nobody does, so each client that ever came costs a stack until the server ends.
 *
 *   main                       thread 2               thread 3
 *   -------------------------  ---------------------  ---------------------
 *   accept, create thread 2    echo
 *                              return (stack stays)
 *   accept, create thread 3                           echo
 *                                                     return (stack stays)
 *
 * Fix (fixed/detached-leak.c): each thread detaches itself, so that its end frees what it had.
 * Class: CWE-772, missing release of resource after effective lifetime.
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
        void *arg = (void *)(intptr_t)connfd; /* by value: see the hazard connfd-race */
        pthread_t tid;
        must(pthread_create(&tid, NULL, serve, arg), "pthread_create");
    }
}
