/* SPDX-License-Identifier: MIT */
/*
 * counter-sum: N threads add to a counter each; main adds them up.
 *
 * Variant: what is not shared needs no lock. Every thread counts in a slot of its own, and main
 * reads the slots after the joins, which order its reads behind all the additions. The fastest of
 * the designs, but nobody can ask for the total while the threads still run.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_THREADS = 64 };

static int rounds;

static void *adder(void *arg) {
    int *mine = arg;
    for (int i = 0; i < rounds; i++) {
        int loc = *mine;
        loc++;
        *mine = loc;
    }
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 2, 2, MAX_THREADS);
    rounds = size_arg(argc, argv, 2, 200000, 1, 1000000);

    int sum[MAX_THREADS] = {0};
    pthread_t tid[MAX_THREADS];
    for (int i = 0; i < threads; i++)
        must(pthread_create(&tid[i], NULL, adder, &sum[i]), "pthread_create");
    for (int i = 0; i < threads; i++)
        must(pthread_join(tid[i], NULL), "pthread_join");

    int total = 0;
    for (int i = 0; i < threads; i++)
        total += sum[i];
    int lost = threads * rounds - total;
    printf("%d additions, total %d: %d lost\n", threads * rounds, total, lost);
    return lost != 0;
}
