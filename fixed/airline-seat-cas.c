/* SPDX-License-Identifier: MIT */
/*
 * airline-seat-cas: N agents sell an airline's seats.
 *
 * Variant: the booking itself carries the check. Compare-and-swap books only if the count is
 * still the one that was looked at; if not, it hands over the new count and the agent decides
 * again. No agent waits for a lock, and a swap fails only because another one has sold: the loop
 * ends.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_AGENTS = 64 };

static atomic_int seats;

static int sell(void) {
    int seen = atomic_load(&seats);
    while (seen > 0)
        if (atomic_compare_exchange_strong(&seats, &seen, seen - 1))
            return 1;
    return 0;
}

static void *agent(void *arg) {
    int *passengers = arg;
    while (sell())
        ++*passengers;
    return NULL;
}

int main(int argc, char **argv) {
    int agents = size_arg(argc, argv, 1, 2, 2, MAX_AGENTS);
    int offered = size_arg(argc, argv, 2, 100000, 1, 1000000);
    atomic_init(&seats, offered);

    int passengers[MAX_AGENTS] = {0};
    pthread_t tid[MAX_AGENTS];
    for (int i = 0; i < agents; i++)
        must(pthread_create(&tid[i], NULL, agent, &passengers[i]), "pthread_create");
    int boarding = 0;
    for (int i = 0; i < agents; i++) {
        must(pthread_join(tid[i], NULL), "pthread_join");
        boarding += passengers[i];
    }

    printf("%d seat(s), %d passenger(s)\n", offered, boarding);
    return boarding != offered;
}
