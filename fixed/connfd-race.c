/* SPDX-License-Identifier: MIT */
/*
 * connfd-race: an echo server with a thread per client, told by address which client is its own.
 *
 * Bug (buggy/connfd-race.c): all threads get the address of main's one connfd. An accept that comes
 * before a new thread has looked gives that thread the next client, and its own client nobody.
 *
 *   main                       thread 2             thread 3
 *   -------------------------  -------------------  --------------------------
 *   connfd = accept()  (4)
 *   create thread 2, &connfd
 *   connfd = accept()  (5)
 *                              connfd = *arg  (5)
 *   create thread 3, &connfd
 *                                                   connfd = *arg  (5)
 *                              echo, close 5        echo, close 5 (or a new 5)
 *                              (nobody serves 4)
 *
 * Fix (fixed/connfd-race.c): a block per connection, filled before its thread starts, freed by it.
 * Class: CWE-362, race condition.
 */
#include "../include/server.h"

static void *serve(void *arg) {
    must(pthread_detach(pthread_self()), "pthread_detach");
    int connfd = *(int *)arg;
    free(arg);
    echo(connfd);
    close(connfd);
    return NULL;
}

int main(int argc, char **argv) {
    int listenfd = listen_on(argc, argv, BACKLOG);
    for (;;) {
        int *connfd = malloc(sizeof *connfd);
        if (connfd == NULL)
            must(ENOMEM, "malloc");
        *connfd = must_errno(accept(listenfd, NULL, NULL), "accept");
        pthread_t tid;
        must(pthread_create(&tid, NULL, serve, connfd), "pthread_create");
    }
}
