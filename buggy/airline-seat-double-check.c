/* SPDX-License-Identifier: MIT */
/*
 * airline-seat-double-check: N agents sell an airline's seats.
 *
 * Decoy: the agent asks once more right before it books, "to be sure".
 * Why it still fails: the second answer grows old exactly as the first one did. A check of any
 * number only helps if the lock is held from the last one until after the booking. These are three
 * critical sections where two were too many:
 *
 *   agent 1                         agent 2
 *   ------------------------------  ------------------------------
 *   lock  seat_free() (1)   unlock
 *   lock  seat_free() (1)   unlock
 *                                   lock  seat_free() (1)   unlock
 *                                   lock  seat_free() (1)   unlock
 *   lock  book() (0 left)   unlock
 *                                   lock  book() (-1 left)  unlock: one seat, two passengers
 *
 * Class: CWE-367, time of check, time of use.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_AGENTS = 64 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int seats; /* guarded by lock */

/* Takes the lock, looks and gives it back. */
static int seat_free(void) {
    must(pthread_mutex_lock(&lock), "lock");
    int answer = seats > 0;
    must(pthread_mutex_unlock(&lock), "unlock");
    return answer;
}

/* Takes the lock, books and gives it back. */
static void book(void) {
    must(pthread_mutex_lock(&lock), "lock");
    seats--; /* HAZARD: the seat may have gone since seat_free() held the lock */
    must(pthread_mutex_unlock(&lock), "unlock");
}

static int sell(void) {
    int sold = seat_free() && seat_free();
    if (sold)
        book(); /* HAZARD: seat_free() has given the lock back */
    return sold;
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
    seats = offered;

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
