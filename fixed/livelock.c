/* SPDX-License-Identifier: MIT */
/*
 * livelock: two threads transfer money in opposite directions; a transfer needs both accounts'
 * locks.
 *
 * Bug (buggy/livelock.c): nobody waits while holding a lock, so there is no deadlock; but each
 * takes its own account first and gives way when the other one is busy. In step, both give way
 * for ever.
 *
 *   thread 1                      thread 2
 *   ----------------------------  ----------------------------
 *   lock(0)
 *                                 lock(1)
 *   trylock(1)  (busy)
 *                                 trylock(0)  (busy)
 *   unlock(0)   (after you)
 *                                 unlock(1)   (no, after you)
 *   lock(0)     (and so on: both run, nobody gets on)
 *
 * Fix (fixed/livelock.c): an order on the locks, lower account first: whoever has the first gets
 * the second.
 * Class: CWE-667, improper locking.
 */
#include "../include/subject.h"

#include <pthread.h>

static struct account {
    pthread_mutex_t lock;
    int balance;
} account[2] = {
    {PTHREAD_MUTEX_INITIALIZER, 0},
    {PTHREAD_MUTEX_INITIALIZER, 0},
};
static int rounds;

static void lock_both(struct account *from, struct account *to) {
    struct account *first = from < to ? from : to;
    struct account *second = from < to ? to : from;
    must(pthread_mutex_lock(&first->lock), "lock");
    must(pthread_mutex_lock(&second->lock), "lock");
}

static void *clerk(void *arg) {
    struct account *from = arg;
    struct account *to = from == &account[0] ? &account[1] : &account[0];
    for (int i = 0; i < rounds; i++) {
        lock_both(from, to);
        from->balance--;
        to->balance++;
        must(pthread_mutex_unlock(&to->lock), "unlock");
        must(pthread_mutex_unlock(&from->lock), "unlock");
    }
    return NULL;
}

int main(int argc, char **argv) {
    rounds = size_arg(argc, argv, 1, 100, 1, 1000000);

    pthread_t tid[2];
    for (int i = 0; i < 2; i++)
        must(pthread_create(&tid[i], NULL, clerk, &account[i]), "pthread_create");
    for (int i = 0; i < 2; i++)
        must(pthread_join(tid[i], NULL), "pthread_join");

    printf("%d transfers, balances %d and %d\n", 2 * rounds, account[0].balance,
           account[1].balance);
    return account[0].balance != 0 || account[1].balance != 0;
}
