/* SPDX-License-Identifier: MIT */
/*
 * queue-jump: N persons come to a counter again and again; a spin lock admits one at a time.
 *
 * Bug (buggy/queue-jump.c): the lock goes to whoever runs first when it is free. Who has just
 * left may be back before those who wait have looked up, any number of times: nothing bounds the
 * wait.
 *
 *   person 1                person 2
 *   ----------------------  ----------------------
 *                           exchange(busy)  (was 0: in)
 *   exchange(busy)  (was 1)
 *                           busy = 0
 *                           exchange(busy)  (was 0: in again)
 *   exchange(busy)  (was 1: passed, and so on)
 *
 * Fix (fixed/queue-jump.c): a ticket lock: first come, first served. From the moment a person has
 * drawn its ticket, each of the others can go before it once: passed at most N-1 times.
 * Class: CWE-667, improper locking.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { MAX_PERSONS = 64 };

static int turns;
static atomic_int next_ticket, now_serving;
static atomic_int served; /* added to in two steps, so that two at the counter would show */

/* Returns how many were served while I waited. */
static int enter(void) {
    int mine = atomic_fetch_add(&next_ticket, 1);
    int before = atomic_load(&served);
    while (atomic_load(&now_serving) != mine)
        sched_yield();
    return atomic_load(&served) - before;
}

static void leave(void) {
    atomic_fetch_add(&now_serving, 1);
}

static void *person(void *arg) {
    int *worst = arg;
    for (int i = 0; i < turns; i++) {
        int passed = enter();
        if (passed > *worst)
            *worst = passed;
        atomic_store(&served, atomic_load(&served) + 1);
        leave();
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
