/* SPDX-License-Identifier: MIT */
/*
 * traffic-gridlock: cars cross a junction; each needs the quadrant in front of it and the next.
 *
 * Bug (buggy/traffic-gridlock.c): every car holds its first quadrant while it waits for the next,
 * so all of them together can wait in a circle.
 *
 *   car 0             car 1             car 2             car 3
 *   ----------------  ----------------  ----------------  ----------------
 *   locks quadrant 0
 *                     locks quadrant 1
 *                                       locks quadrant 2
 *                                                         locks quadrant 3
 *   waits for 1
 *                     waits for 2
 *                                       waits for 3
 *                                                         waits for 0: gridlock
 *
 * Fix (fixed/traffic-gridlock.c): every car locks the lower number first. Each then waits only for
 * a higher number than it holds, and numbers cannot rise all the way round a circle.
 * Class: CWE-833, deadlock.
 */
#include <pthread.h>

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
