/* SPDX-License-Identifier: MIT */
/*
 * self-lock: tellers withdraw from one account until it is empty.
 *
 * Bug (buggy/self-lock.c): withdraw locks the account and then calls balance, which locks it too.
 *
 *   teller, in withdraw        teller, in balance
 *   -------------------------  -------------------------
 *   locks the account
 *   calls balance
 *                              locks the account: waits for its owner, itself
 *
 * No second thread is needed, and no bad luck: the first withdrawal hangs.
 *
 * Fix (fixed/self-lock.c): two forms of balance: one that locks, for everybody, and one for callers
 * that hold the lock already.
 * Class: CWE-764, multiple locks of a critical resource.
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
    must(pthread_mutex_lock(&lock), "lock"); /* HAZARD: withdraw holds it, and waits here */
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
    /* The call, not the static initializer: it tells Helgrind that the mutex is not recursive. */
    must(pthread_mutex_init(&lock, NULL), "mutex_init");
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
