/* SPDX-License-Identifier: MIT */
/*
 * N threads add to a counter with a load and a store, each of them atomic: an addition may be
 * lost.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int counter;

static void *add(void *unused) {
    int value = atomic_load(&counter);
    atomic_store(&counter, value + 1);
    return unused;
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? atoi(argv[1]) : 2;
    pthread_t thread[32];
    for (int i = 0; i < threads; i++)
        pthread_create(&thread[i], NULL, add, NULL);
    for (int i = 0; i < threads; i++)
        pthread_join(thread[i], NULL);
    assert(atomic_load(&counter) == threads);
    return 0;
}
