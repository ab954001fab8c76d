/* SPDX-License-Identifier: MIT */
/*
 * livelock-random-backoff: two threads transfer money in opposite directions.
 *
 * Variant: whoever gives way waits a random moment before it tries again, as Ethernet does.
 * What it promises: chance breaks the step sooner or later; that both give way n times in a row
 * grows ever less likely with n. What it does not: a bound. No number of retries is enough for
 * certain, and a scheduler that looks at the dice could keep the two in step; only an order on
 * the locks rules it out. The dice must differ: each thread has its own seed, or both would wait
 * the same moment again.
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

static void lock_both(struct account *from, struct account *to, unsigned *seed) {
    for (;;) {
        must(pthread_mutex_lock(&from->lock), "lock");
        if (pthread_mutex_trylock(&to->lock) == 0)
            return;
        must(pthread_mutex_unlock(&from->lock), "unlock");
        usleep((useconds_t)rand_r(seed) % 200);
    }
}

static void *clerk(void *arg) {
    struct account *from = arg;
    struct account *to = from == &account[0] ? &account[1] : &account[0];
    unsigned seed = (unsigned)(from - account) + 1;
    for (int i = 0; i < rounds; i++) {
        lock_both(from, to, &seed);
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
