/* SPDX-License-Identifier: MIT */
/*
 * livelock-same-backoff: two threads transfer money in opposite directions.
 *
 * Decoy: whoever gives way waits a moment before it tries again.
 * Why it still fails: both wait the same moment. Who was in step before it is in step after it:
 *
 *   thread 1                      thread 2
 *   ----------------------------  ----------------------------
 *   lock(0)
 *                                 lock(1)
 *   trylock(1)  (busy)
 *                                 trylock(0)  (busy)
 *   unlock(0), sleep 100 us
 *                                 unlock(1), sleep 100 us
 *   lock(0)
 *                                 lock(1)     (and so on)
 *
 * Class: CWE-667, improper locking.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <unistd.h>

static struct account {
    pthread_mutex_t lock;
    int balance;
} account[2] = {
    {PTHREAD_MUTEX_INITIALIZER, 0},
    {PTHREAD_MUTEX_INITIALIZER, 0},
};
static int rounds;

static void lock_both(struct account *from, struct account *to) {
    for (;;) {
        must(pthread_mutex_lock(&from->lock), "lock");
        if (pthread_mutex_trylock(&to->lock) == 0) /* HAZARD: gives way, if both come at once */
            return;
        must(pthread_mutex_unlock(&from->lock), "unlock"); /* HAZARD: as the other one does */
        usleep(100);
    }
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
