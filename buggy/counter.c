/* SPDX-License-Identifier: MIT */
/*
 * counter: N threads add to one shared counter.
 *
 * Bug (buggy/counter.c): an addition is a load, an add and a store; two threads that interleave
 * lose one.
 *
 *   thread 1               thread 2
 *   ---------------------  ---------------------
 *   loc = total    (0)
 *                          loc = total    (0)
 *   total = loc+1  (1)
 *                          total = loc+1  (1: one addition is gone)
 *
 * Fix (fixed/counter.c): a mutex makes the three steps one.
 * Class: CWE-362, race condition.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_THREADS = 64 };

static int rounds;
static int total;

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
        must(pthread_create(&tid[i], NULL, adder, NULL), "pthread_create");
    for (int i = 0; i < threads; i++)
        must(pthread_join(tid[i], NULL), "pthread_join");

    int lost = threads * rounds - total;
    printf("%d additions, total %d: %d lost\n", threads * rounds, total, lost);
    return lost != 0;
}
