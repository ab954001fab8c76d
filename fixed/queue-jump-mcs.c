/* SPDX-License-Identifier: MIT */
/*
 * queue-jump-mcs: N persons come to a counter again and again; a queue lock admits one at a time.
 *
 * Variant: the queue lock of Mellor-Crummey and Scott (1991). To come is to hang a note of one's
 * own at the tail, in one exchange; to leave is to wake the next in line. First come, first
 * served, and each one spins on its own note, where the ticket lock has all of them watch the
 * same number.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { MAX_PERSONS = 64 };

struct note {
    _Atomic(struct note *) next;
    atomic_int wait;
};

static int turns;
static _Atomic(struct note *) tail;
static atomic_int served; /* added to in two steps, so that two at the counter would show */

/* Returns how many were served while I waited. */
static int enter(struct note *me) {
    atomic_store(&me->next, NULL);
    atomic_store(&me->wait, 1);
    struct note *ahead = atomic_exchange(&tail, me);
    int before = atomic_load(&served);
    if (ahead != NULL) {
        atomic_store(&ahead->next, me);
        while (atomic_load(&me->wait))
            sched_yield();
    }
    return atomic_load(&served) - before;
}

static void leave(struct note *me) {
    struct note *last = me;
    if (atomic_compare_exchange_strong(&tail, &last, NULL))
        return;
    /* Somebody hangs behind me, or is about to: its exchange was first. */
    while (atomic_load(&me->next) == NULL)
        sched_yield();
    atomic_store(&atomic_load(&me->next)->wait, 0);
}

static void *person(void *arg) {
    int *worst = arg;
    struct note me;
    for (int i = 0; i < turns; i++) {
        int passed = enter(&me);
        if (passed > *worst)
            *worst = passed;
        atomic_store(&served, atomic_load(&served) + 1);
        leave(&me);
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
