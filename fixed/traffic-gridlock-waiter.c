/* SPDX-License-Identifier: MIT */
/*
 * traffic-gridlock: cars cross a junction; each needs the quadrant in front of it and the next.
 *
 * Variant (fixed/traffic-gridlock-waiter.c): a semaphore, the "waiter" of the dining philosophers,
 * admits one car fewer than there are quadrants. A circle needs all of them, so at least one
 * admitted car finds both of its quadrants free or held by cars that can drive on.
 *
 * Against the order: the quadrants need no numbers, but every car passes through one more lock,
 * and a lock-order checker, which knows nothing of semaphores, still sees the circle of orders.
 */
#include <pthread.h>
#include <semaphore.h>

#include "../include/subject.h"

enum { MAX_CARS = 16 };

struct car {
    pthread_t thread;
    int number;
};

static int cars, rounds;
static sem_t waiter; /* places left in the junction: cars - 1 at the start */
static pthread_mutex_t quadrant[MAX_CARS];
static int passed[MAX_CARS]; /* times a quadrant was driven over; under its mutex */

static void cross(int from, int to) {
    int first = from;
    int second = to;
    must_errno(sem_wait(&waiter), "sem_wait");
    must(pthread_mutex_lock(&quadrant[first]), "lock");
    must(pthread_mutex_lock(&quadrant[second]), "lock");
    passed[first]++;
    passed[second]++;
    must(pthread_mutex_unlock(&quadrant[second]), "unlock");
    must(pthread_mutex_unlock(&quadrant[first]), "unlock");
    must_errno(sem_post(&waiter), "sem_post");
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
    must_errno(sem_init(&waiter, 0, (unsigned)cars - 1), "sem_init");
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
