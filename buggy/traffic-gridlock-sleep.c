/* SPDX-License-Identifier: MIT */
/*
 * traffic-gridlock: cars cross a junction; each needs the quadrant in front of it and the next.
 *
 * Decoy (buggy/traffic-gridlock-sleep.c): a car sleeps a little before it takes the next quadrant,
 * to give the car ahead the time to clear it. It sleeps with its first quadrant locked, so every
 * other car has the time to lock one too: the rare circle is now the rule.
 *
 *   car 0             car 1             car 2             car 3
 *   ----------------  ----------------  ----------------  ----------------
 *   locks quadrant 0
 *   sleeps            locks quadrant 1
 *                     sleeps            locks quadrant 2
 *                                       sleeps            locks quadrant 3
 *                                                         sleeps
 *   waits for 1       waits for 2       waits for 3       waits for 0
 *
 * Class: CWE-833, deadlock.
 */
#include <pthread.h>
#include <unistd.h>

#include "../include/subject.h"

enum { MAX_CARS = 16 };

struct car {
    pthread_t thread;
    int number;
};

static int cars, rounds;
static pthread_mutex_t quadrant[MAX_CARS];
static int passed[MAX_CARS]; /* times a quadrant was driven over; under its mutex */

static void cross(int from, int to) {
    int first = from;
    int second = to;
    must(pthread_mutex_lock(&quadrant[first]), "lock");
    /* Let the car ahead drive on. */
    usleep(5000);
    must(pthread_mutex_lock(&quadrant[second]), "lock"); /* HAZARD: waits and holds: a circle */
    passed[first]++;
    passed[second]++;
    must(pthread_mutex_unlock(&quadrant[second]), "unlock");
    must(pthread_mutex_unlock(&quadrant[first]), "unlock");
}

static void *drive(void *arg) {
    const struct car *car = arg;
    for (int i = 0; i < rounds; i++)
        cross(car->number, (car->number + 1) % cars);
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
