/* SPDX-License-Identifier: MIT */
/*
 * thread-arg: main starts N workers and gives each its number, by address.
 *
 * Bug (buggy/thread-arg.c): all get the address of the same loop variable, which main has moved
 * on by the time a worker looks.
 *
 *   main                     worker 0                 worker 1
 *   -----------------------  -----------------------  -----------------------
 *   create(&i)    (i is 0)
 *   i++           (i is 1)
 *                            id = *&i  (1)
 *   create(&i)    (i is 1)
 *                                                     id = *&i  (1: no zero)
 *
 * Fix (fixed/thread-arg.c): a number of its own for every worker, which nobody changes.
 * Class: CWE-567, unsynchronised access to shared data.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_THREADS = 64 };

/* How many workers took each number; one more, as main's i ends one past the last. */
static atomic_int workers[MAX_THREADS + 1];

static void *worker(void *arg) {
    int id = *(int *)arg; /* HAZARD: main changes it meanwhile */
    atomic_fetch_add(&workers[id], 1);
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 4, 2, MAX_THREADS);

    int i;
    pthread_t tid[MAX_THREADS];
    for (i = 0; i < threads; i++) { /* HAZARD: i++ while the workers read i */
        must(pthread_create(&tid[i], NULL, worker, &i), "pthread_create");
    }
    for (int k = 0; k < threads; k++)
        must(pthread_join(tid[k], NULL), "pthread_join");

    int missing = 0;
    for (int k = 0; k < threads; k++)
        missing += atomic_load(&workers[k]) == 0;
    printf("%d workers: %d of the numbers missing\n", threads, missing);
    return missing != 0;
}
