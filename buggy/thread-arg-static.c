/* SPDX-License-Identifier: MIT */
/*
 * thread-arg-static: main starts N workers and gives each its number, by address.
 *
 * Decoy: not i itself but a copy of it, static so that it lives as long as the workers.
 * Why it still fails: how long it lives was never the trouble. There is one copy for all of them,
 * and main writes over it on its next turn, as it did over i:
 *
 *   main                     worker 0                 worker 1
 *   -----------------------  -----------------------  -----------------------
 *   number = 0
 *   create(&number)
 *   number = 1
 *                            id = *&number  (1)
 *   create(&number)
 *                                                     id = *&number  (1: two ones, no zero)
 *
 * Class: CWE-567, unsynchronised access to shared data.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_THREADS = 64 };

/* How many workers took each number. */
static atomic_int workers[MAX_THREADS];

static void *worker(void *arg) {
    int id = *(int *)arg; /* HAZARD: main changes it meanwhile */
    atomic_fetch_add(&workers[id], 1);
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 4, 2, MAX_THREADS);

    int i;
    pthread_t tid[MAX_THREADS];
    for (i = 0; i < threads; i++) {
        static int number;
        number = i; /* HAZARD: the worker before may not have read it yet */
        must(pthread_create(&tid[i], NULL, worker, &number), "pthread_create");
    }
    for (int k = 0; k < threads; k++)
        must(pthread_join(tid[k], NULL), "pthread_join");

    int missing = 0;
    for (int k = 0; k < threads; k++)
        missing += atomic_load(&workers[k]) == 0;
    printf("%d workers: %d of the numbers missing\n", threads, missing);
    return missing != 0;
}
