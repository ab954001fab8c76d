/* SPDX-License-Identifier: MIT */
/*
 * wrong-waiter-broadcast: cooks put dishes on a counter that holds one, waiters take them away.
 *
 * Variant: one condition variable and a broadcast: every change wakes everybody, and each looks for
 * itself whether it was meant. No wake-up can go to the wrong one when all get it. Its price: with
 * fifty asleep, forty-nine wake up for nothing at each dish; two condition variables wake the one
 * who can go on.
 */
#include <pthread.h>
#include <stdbool.h>

#include "../include/subject.h"

enum { MAX_STAFF = 16 };

struct person {
    pthread_t thread;
    bool (*job)(void);
    int share, mistakes; /* dishes to handle; jobs that failed and had to be done again */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool dish_there; /* on the counter; under the lock */

/* False when it was put on top of another, and broke. */
static bool put_dish(void) {
    must(pthread_mutex_lock(&lock), "lock");
    while (dish_there)
        must(pthread_cond_wait(&changed, &lock), "wait");
    bool room = !dish_there;
    dish_there = true;
    must(pthread_cond_broadcast(&changed), "broadcast");
    must(pthread_mutex_unlock(&lock), "unlock");
    return room;
}

/* False when there was none to take. */
static bool take_dish(void) {
    must(pthread_mutex_lock(&lock), "lock");
    while (!dish_there)
        must(pthread_cond_wait(&changed, &lock), "wait");
    bool taken = dish_there;
    dish_there = false;
    must(pthread_cond_broadcast(&changed), "broadcast");
    must(pthread_mutex_unlock(&lock), "unlock");
    return taken;
}

static void *work(void *arg) {
    struct person *person = arg;
    for (int i = 0; i < person->share; i++)
        while (!person->job())
            person->mistakes++;
    return NULL;
}

int main(int argc, char **argv) {
    static struct person staff[2 * MAX_STAFF];
    int cooks = size_arg(argc, argv, 1, 2, 1, MAX_STAFF);
    int waiters = size_arg(argc, argv, 2, 2, 1, MAX_STAFF);
    int rounds = size_arg(argc, argv, 3, 20, 1, 10000); /* dishes per cook and waiter */
    for (int i = 0; i < cooks; i++)
        staff[i] = (struct person){.job = put_dish, .share = rounds * waiters};
    for (int i = 0; i < waiters; i++)
        staff[cooks + i] = (struct person){.job = take_dish, .share = rounds * cooks};
    for (int i = 0; i < cooks + waiters; i++)
        must(pthread_create(&staff[i].thread, NULL, work, &staff[i]), "create");
    int mistakes = 0;
    for (int i = 0; i < cooks + waiters; i++) {
        must(pthread_join(staff[i].thread, NULL), "join");
        mistakes += staff[i].mistakes;
    }
    printf("%d dishes served, %d mistakes\n", rounds * cooks * waiters, mistakes);
    return mistakes != 0;
}
