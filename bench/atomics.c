/* SPDX-License-Identifier: MIT */
/* Two threads add to one atomic n times each: C(2n, n) traces of 2n + 8 steps. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int counter;
static int rounds;

static void *add(void *unused) {
    for (int i = 0; i < rounds; i++)
        atomic_fetch_add(&counter, 1);
    return unused;
}

int main(int argc, char **argv) {
    rounds = argc > 1 ? atoi(argv[1]) : 1;
    pthread_t one, other;
    pthread_create(&one, NULL, add, NULL);
    pthread_create(&other, NULL, add, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
