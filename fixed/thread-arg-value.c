/* SPDX-License-Identifier: MIT */
/*
 * thread-arg-value: main starts N workers and tells each its number.
 *
 * Variant: the argument is the number itself, dressed up as a pointer. Nothing is shared, so
 * nothing can change under the worker, and there is nothing to free. It works for whatever fits
 * into a pointer; C leaves the casts to the implementation, and those with pthreads allow them.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { MAX_THREADS = 64 };

/* How many workers took each number. */
static atomic_int workers[MAX_THREADS];

static void *worker(void *arg) {
    int id = (int)(intptr_t)arg;
    atomic_fetch_add(&workers[id], 1);
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 4, 2, MAX_THREADS);

    int i;
    pthread_t tid[MAX_THREADS];
    for (i = 0; i < threads; i++) {
        must(pthread_create(&tid[i], NULL, worker, (void *)(intptr_t)i), "pthread_create");
    }
    for (int k = 0; k < threads; k++)
        must(pthread_join(tid[k], NULL), "pthread_join");

    int missing = 0;
    for (int k = 0; k < threads; k++)
        missing += atomic_load(&workers[k]) == 0;
    printf("%d workers: %d of the numbers missing\n", threads, missing);
    return missing != 0;
}
