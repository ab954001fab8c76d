/* SPDX-License-Identifier: MIT */
/*
 * self-lock-recursive: tellers withdraw from one account until it is empty.
 *
 * Variant: a recursive mutex lets its owner in again, counts, and is free when every lock has had
 * its unlock. Nothing else changes. Its price: balance can no longer know that the account is in
 * order when it has the lock, for its caller may be in the middle of a change; and a wait on a
 * condition may give back one lock of several, so that nobody can come and wake the waiter.
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
    must(pthread_mutex_lock(&lock), "lock");
    int amount = account;
    must(pthread_mutex_unlock(&lock), "unlock");
    return amount;
}

static bool withdraw(int amount) {
    must(pthread_mutex_lock(&lock), "lock");
    bool enough = balance() >= amount;
    if (enough)
        account -= amount;
    must(pthread_mutex_unlock(&lock), "unlock");
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
    must(pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE), "settype");
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
