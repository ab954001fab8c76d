/* SPDX-License-Identifier: MIT */
/*
 * self-lock-errorcheck: tellers withdraw from one account until it is empty.
 *
 * Decoy: an errorcheck mutex does not hang but reports. The second lock fails with EDEADLK, and as
 * the lock is held anyway, balance goes on. Now the last unlock fails too, with EPERM, and that is
 * ignored as well.
 * Why it still fails: the unlock in balance did not fail. It gave back what withdraw had locked, so
 * that withdraw takes the money with no lock at all:
 *
 *   teller 1                          teller 2
 *   --------------------------------  --------------------------------
 *   withdraw: lock
 *   balance: lock    (EDEADLK)
 *   balance: reads 1, unlock  (works)
 *                                     withdraw: lock  (granted)
 *                                     balance: reads 1, unlock
 *   account -= 1
 *                                     account -= 1  (a race; 1 is paid twice)
 *   unlock  (EPERM)
 *                                     unlock  (EPERM)
 *
 * Class: CWE-391, unchecked error condition.
 */
#include <pthread.h>
#include <stdbool.h>

#include "../include/subject.h"

enum { MAX_TELLERS = 16 };

struct teller {
    pthread_t thread;
    int paid;
};

static pthread_mutex_t lock;
static int account; /* under the lock */

static int balance(void) {
    (void)pthread_mutex_lock(&lock); /* HAZARD: withdraw holds it: locks nothing */
    int amount = account;
    must(pthread_mutex_unlock(&lock), "unlock"); /* HAZARD: ends the hold of withdraw */
    return amount;
}

static bool withdraw(int amount) {
    must(pthread_mutex_lock(&lock), "lock");
    bool enough = balance() >= amount;
    if (enough)
        account -= amount;             /* HAZARD: no lock is held here */
    (void)pthread_mutex_unlock(&lock); /* HAZARD: nothing to unlock, or another's */
    return enough;
}

static void *serve(void *arg) {
    struct teller *teller = arg;
    while (withdraw(1))
        teller->paid++;
    return NULL;
}

int main(int argc, char **argv) {
    static struct teller teller[MAX_TELLERS];
    int tellers = size_arg(argc, argv, 1, 2, 1, MAX_TELLERS);
    int deposit = size_arg(argc, argv, 2, 100, 1, 1000000);
    account = deposit;
    pthread_mutexattr_t attr;
    must(pthread_mutexattr_init(&attr), "mutexattr_init");
    must(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK), "settype");
    must(pthread_mutex_init(&lock, &attr), "mutex_init");
    for (int i = 0; i < tellers; i++)
        must(pthread_create(&teller[i].thread, NULL, serve, &teller[i]), "create");
    int paid = 0;
    for (int i = 0; i < tellers; i++) {
        must(pthread_join(teller[i].thread, NULL), "join");
        paid += teller[i].paid;
    }
    printf("paid out %d of %d, %d left\n", paid, deposit, balance());
    return paid != deposit;
}
