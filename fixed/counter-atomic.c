/* SPDX-License-Identifier: MIT */
/*
 * counter-atomic: N threads add to one shared counter.
 *
 * Variant: atomic_fetch_add is load, add and store as one step of the machine, with no lock to
 * wait for. Right for one word; as soon as two words must change together, it takes a mutex
 * again.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_THREADS = 64 };

static int rounds;
static atomic_int total;

static void *adder(void *arg) {
    (void)arg;
    for (int i = 0; i < rounds; i++) {
        atomic_fetch_add(&total, 1);
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

    int sum = atomic_load(&total);
    int lost = threads * rounds - sum;
    printf("%d additions, total %d: %d lost\n", threads * rounds, sum, lost);
    return lost != 0;
}
