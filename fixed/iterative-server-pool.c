/* SPDX-License-Identifier: MIT */
/*
 * iterative-server-pool: the echo server with a pool of threads, made before the first client.
 *
 * Variant: no thread is made or ended while clients wait, and load has a bound. So has the number
 * of clients that may go to lunch: with all threads in a read of a silent client, the next one
 * waits as at the iterative server. The size of the pool is a promise, not a detail.
 *
 *   client 1               server                      client 2
 *   ---------------------  --------------------------  -----------------------
 *   connect                main: accept, put
 *   (out to lunch)         thread 2: take, read
 *                          main: accept, put           connect
 *                          thread 3: take, read, send  write, read: returns
 */
#include "../include/server.h"

#include <semaphore.h>

enum { SLOTS = 16 };

/* Accepted connections that no thread has taken yet: a ring, filled by main, emptied by all. */
static int ring[SLOTS];
static unsigned put_at, take_at; /* take_at: guarded by taking; put_at: main's own */
static pthread_mutex_t taking = PTHREAD_MUTEX_INITIALIZER;
static sem_t slots, items; /* how many places are free, how many are full */

static void put(int connfd) {
    must_errno(sem_wait(&slots), "sem_wait");
    ring[put_at++ % SLOTS] = connfd;
    must_errno(sem_post(&items), "sem_post");
}

static int take(void) {
    must_errno(sem_wait(&items), "sem_wait");
    must(pthread_mutex_lock(&taking), "pthread_mutex_lock");
    int connfd = ring[take_at++ % SLOTS];
    must(pthread_mutex_unlock(&taking), "pthread_mutex_unlock");
    must_errno(sem_post(&slots), "sem_post");
    return connfd;
}

/* Never returns, so there is nothing to join. */
static void *serve(void *arg) {
    (void)arg;
    for (;;) {
        int connfd = take();
        echo(connfd);
        close(connfd);
    }
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 3, 80, 1, 1000); /* PORT [HOST [THREADS]] */
    must_errno(sem_init(&slots, 0, SLOTS), "sem_init");
    must_errno(sem_init(&items, 0, 0), "sem_init");
    for (int i = 0; i < threads; i++) {
        pthread_t tid;
        must(pthread_create(&tid, NULL, serve, NULL), "pthread_create");
    }
    int listenfd = listen_on(argc, argv, BACKLOG);
    for (;;)
        put(must_errno(accept(listenfd, NULL, NULL), "accept"));
}
