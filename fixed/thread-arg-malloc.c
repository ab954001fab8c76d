/* SPDX-License-Identifier: MIT */
/*
 * thread-arg-malloc: main starts N workers and gives each its number, by address.
 *
 * Variant: a block of its own for every worker. main fills it before the thread exists and never
 * touches it again; from then on it is the worker's, who frees it. Good for arguments of any size,
 * and for a starter that does not stay: the array of fixed/thread-arg.c lives in main's frame.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_THREADS = 64 };

/* How many workers took each number. */
static atomic_int workers[MAX_THREADS];

static void *worker(void *arg) {
    int id = *(int *)arg;
    free(arg);
    atomic_fetch_add(&workers[id], 1);
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 4, 2, MAX_THREADS);

    int i;
    pthread_t tid[MAX_THREADS];
    for (i = 0; i < threads; i++) {
        int *number = malloc(sizeof *number);
        must(number == NULL ? ENOMEM : 0, "malloc");
        *number = i;
        must(pthread_create(&tid[i], NULL, worker, number), "pthread_create");
    }
    for (int k = 0; k < threads; k++)
        must(pthread_join(tid[k], NULL), "pthread_join");

    int missing = 0;
    for (int k = 0; k < threads; k++)
        missing += atomic_load(&workers[k]) == 0;
    printf("%d workers: %d of the numbers missing\n", threads, missing);
    return missing != 0;
}
