/* SPDX-License-Identifier: MIT */
/*
 * thread-arg-sleep: main starts N workers and gives each its number, by address.
 *
 * Decoy: main sleeps a millisecond after every start, so that the worker has time to look.
 * Why it still fails: a sleep keeps main off i for a while; it does not make main wait for the
 * worker. A worker that gets no processor for that long comes too late as before:
 *
 *   main                     worker 0                 worker 1
 *   -----------------------  -----------------------  -----------------------
 *   create(&i)    (i is 0)
 *   sleeps 1 ms              (its turn does not come)
 *   i++           (i is 1)
 *   create(&i)    (i is 1)
 *                            id = *&i  (1)
 *                                                     id = *&i  (1: two ones, no zero)
 *
 * Class: CWE-567, unsynchronised access to shared data.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { MAX_THREADS = 64 };

/* How many workers took each number; one more, as main's i ends one past the last. */
static atomic_int workers[MAX_THREADS + 1];

static void *worker(void *arg) {
    int id = *(int *)arg; /* HAZARD: main changes it, however long it slept */
    atomic_fetch_add(&workers[id], 1);
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 4, 2, MAX_THREADS);

    int i;
    pthread_t tid[MAX_THREADS];
    for (i = 0; i < threads; i++) { /* HAZARD: i++ while the workers read i */
        must(pthread_create(&tid[i], NULL, worker, &i), "pthread_create");
        usleep(1000); /* the worker has it by now */
    }
    for (int k = 0; k < threads; k++)
        must(pthread_join(tid[k], NULL), "pthread_join");

    int missing = 0;
    for (int k = 0; k < threads; k++)
        missing += atomic_load(&workers[k]) == 0;
    printf("%d workers: %d of the numbers missing\n", threads, missing);
    return missing != 0;
}
