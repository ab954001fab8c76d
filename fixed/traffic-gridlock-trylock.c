/* SPDX-License-Identifier: MIT */
/*
 * traffic-gridlock: cars cross a junction; each needs the quadrant in front of it and the next.
 *
 * Variant (fixed/traffic-gridlock-trylock.c): a car that finds the next quadrant taken backs out,
 * waits a random while and tries again. It waits with nothing in its hands, so no circle can close.
 *
 * What the randomness promises: cars that meet seldom meet again. What it does not: that they ever
 * cross. For that, a car that backed out PATIENCE times insists, and holds its first quadrant while
 * it waits for the next, as in the bug; but only one car at a time may, and one car is no circle.
 */
#include <pthread.h>
#include <stdbool.h>
#include <unistd.h>

#include "../include/subject.h"

enum { MAX_CARS = 16, PATIENCE = 3, PAUSE_US = 100 };

struct car {
    pthread_t thread;
    int number;
    unsigned seed; /* each its own: equal pauses would keep the cars in step */
};

static int cars, rounds;
static pthread_mutex_t insist = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t quadrant[MAX_CARS];
static int passed[MAX_CARS]; /* times a quadrant was driven over; under its mutex */

/* Takes both quadrants or none; true when it has them. */
static bool try_enter(int first, int second) {
    must(pthread_mutex_lock(&quadrant[first]), "lock");
    int error = pthread_mutex_trylock(&quadrant[second]);
    if (error == 0)
        return true;
    must(error == EBUSY ? 0 : error, "trylock");
    must(pthread_mutex_unlock(&quadrant[first]), "unlock");
    return false;
}

static void enter(int first, int second, unsigned *seed) {
    for (int i = 0; i < PATIENCE; i++) {
        if (try_enter(first, second))
            return;
        usleep((useconds_t)rand_r(seed) % PAUSE_US);
    }
    must(pthread_mutex_lock(&insist), "lock");
    must(pthread_mutex_lock(&quadrant[first]), "lock");
    must(pthread_mutex_lock(&quadrant[second]), "lock");
    must(pthread_mutex_unlock(&insist), "unlock");
}

static void cross(int from, int to, unsigned *seed) {
    int first = from;
    int second = to;
    enter(first, second, seed);
    passed[first]++;
    passed[second]++;
    must(pthread_mutex_unlock(&quadrant[second]), "unlock");
    must(pthread_mutex_unlock(&quadrant[first]), "unlock");
}

static void *drive(void *arg) {
    struct car *car = arg;
    for (int i = 0; i < rounds; i++)
        cross(car->number, (car->number + 1) % cars, &car->seed);
    return NULL;
}

int main(int argc, char **argv) {
    static struct car car[MAX_CARS];
    cars = size_arg(argc, argv, 1, 4, 2, MAX_CARS);
    rounds = size_arg(argc, argv, 2, 5, 1, 1000000);
    for (int i = 0; i < cars; i++)
        must(pthread_mutex_init(&quadrant[i], NULL), "mutex_init");
    for (int i = 0; i < cars; i++) {
        car[i].number = i;
        car[i].seed = (unsigned)i;
        must(pthread_create(&car[i].thread, NULL, drive, &car[i]), "create");
    }
    for (int i = 0; i < cars; i++)
        must(pthread_join(car[i].thread, NULL), "join");
    int wrong = 0;
    for (int i = 0; i < cars; i++)
        wrong += passed[i] != 2 * rounds; /* two cars share each quadrant */
    printf("%d cars crossed %d times, %d quadrants miscounted\n", cars, rounds, wrong);
    return wrong != 0;
}
