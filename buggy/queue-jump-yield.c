/* SPDX-License-Identifier: MIT */
/*
 * queue-jump-yield: N persons come to a counter again and again; a spin lock admits one at a
 * time.
 *
 * Decoy: whoever leaves yields, so that those who wait get their chance.
 * Why it still fails: a yield lets somebody run, not the one who has waited longest, and on a
 * machine with a free core it lets nobody run. With three persons it is enough that the other two
 * take turns:
 *
 *   person 1                person 2                person 3
 *   ----------------------  ----------------------  ----------------------
 *                           exchange  (in)
 *   exchange  (busy)
 *                           busy = 0, yield
 *                                                   exchange  (in)
 *   exchange  (busy)
 *                                                   busy = 0, yield
 *                           exchange  (in again, and so on)
 *
 * Class: CWE-667, improper locking.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { MAX_PERSONS = 64 };

static int turns;
static atomic_int busy;
static atomic_int served; /* added to in two steps, so that two at the counter would show */

/* Returns how many were served while I waited. */
static int enter(void) {
    int before = atomic_load(&served);
    while (atomic_exchange(&busy, 1)) /* HAZARD: whoever runs first is next, however late it came */
        sched_yield();
    return atomic_load(&served) - before;
}

static void leave(void) {
    atomic_store(&busy, 0);
}

static void *person(void *arg) {
    int *worst = arg;
    for (int i = 0; i < turns; i++) {
        int passed = enter();
        if (passed > *worst)
            *worst = passed;
        atomic_store(&served, atomic_load(&served) + 1);
        leave();
        sched_yield();
    }
    return NULL;
}

int main(int argc, char **argv) {
    int persons = size_arg(argc, argv, 1, 3, 2, MAX_PERSONS);
    turns = size_arg(argc, argv, 2, 5000, 1, 1000000);

    int worst[MAX_PERSONS] = {0};
    pthread_t tid[MAX_PERSONS];
    for (int i = 0; i < persons; i++)
        must(pthread_create(&tid[i], NULL, person, &worst[i]), "pthread_create");
    int most = 0;
    for (int i = 0; i < persons; i++) {
        must(pthread_join(tid[i], NULL), "pthread_join");
        if (worst[i] > most)
            most = worst[i];
    }

    printf("%d served; passed at most %d time(s), %d would be a queue\n", atomic_load(&served),
           most, persons - 1);
    return most > persons - 1 || atomic_load(&served) != persons * turns;
}
