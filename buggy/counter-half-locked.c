/* SPDX-License-Identifier: MIT */
/*
 * counter-half-locked: N threads add to one shared counter.
 *
 * Decoy: thread 1 was caught losing an addition, so thread 1 got a lock.
 * Why it still fails: a mutex stops only those who ask for it. Thread 2 never asks:
 *
 *   thread 1               thread 2
 *   ---------------------  ---------------------
 *   lock
 *   loc = total    (0)
 *                          loc = total    (0: walks past the lock)
 *   total = loc+1  (1)
 *   unlock
 *                          total = loc+1  (1: one addition is gone)
 *
 * Class: CWE-362, race condition.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_THREADS = 64 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int rounds;
static int total;

static void *locked_adder(void *arg) {
    (void)arg;
    for (int i = 0; i < rounds; i++) {
        must(pthread_mutex_lock(&lock), "lock");
        int loc = total; /* HAZARD: the lock is held, but not by those who need not ask */
        loc++;
        total = loc; /* HAZARD: overwrites what the others added since the load */
        must(pthread_mutex_unlock(&lock), "unlock");
    }
    return NULL;
}

static void *adder(void *arg) {
    (void)arg;
    for (int i = 0; i < rounds; i++) {
        int loc = total; /* HAZARD: another thread may be between its load and its store */
        loc++;
        total = loc; /* HAZARD: overwrites what the others added since the load */
    }
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 2, 2, MAX_THREADS);
    rounds = size_arg(argc, argv, 2, 200000, 1, 1000000);

    pthread_t tid[MAX_THREADS];
    for (int i = 0; i < threads; i++)
        must(pthread_create(&tid[i], NULL, i == 0 ? locked_adder : adder, NULL), "pthread_create");
    for (int i = 0; i < threads; i++)
        must(pthread_join(tid[i], NULL), "pthread_join");

    int lost = threads * rounds - total;
    printf("%d additions, total %d: %d lost\n", threads * rounds, total, lost);
    return lost != 0;
}
