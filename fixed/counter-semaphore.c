/* SPDX-License-Identifier: MIT */
/*
 * counter-semaphore: N threads add to one shared counter.
 *
 * Variant: a semaphore that starts at 1 admits one thread at a time. Unlike a mutex it has no
 * owner: nothing would object to a post by a thread that never waited, and it would let two in.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <semaphore.h>

enum { MAX_THREADS = 64 };

static sem_t gate;
static int rounds;
static int total; /* guarded by gate */

static void *adder(void *arg) {
    (void)arg;
    for (int i = 0; i < rounds; i++) {
        must_errno(sem_wait(&gate), "sem_wait");
        int loc = total;
        loc++;
        total = loc;
        must_errno(sem_post(&gate), "sem_post");
    }
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 2, 2, MAX_THREADS);
    rounds = size_arg(argc, argv, 2, 200000, 1, 1000000);
    must_errno(sem_init(&gate, 0, 1), "sem_init");

    pthread_t tid[MAX_THREADS];
    for (int i = 0; i < threads; i++)
        must(pthread_create(&tid[i], NULL, adder, NULL), "pthread_create");
    for (int i = 0; i < threads; i++)
        must(pthread_join(tid[i], NULL), "pthread_join");

    int lost = threads * rounds - total;
    printf("%d additions, total %d: %d lost\n", threads * rounds, total, lost);
    return lost != 0;
}
