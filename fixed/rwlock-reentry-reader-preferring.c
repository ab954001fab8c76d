/* SPDX-License-Identifier: MIT */
/*
 * rwlock-reentry-reader-preferring: clerks read a price under a read lock while an editor changes
 * it.
 *
 * Variant: total takes the lock twice, and may: a lock that prefers readers lets them in past a
 * waiting writer, so a clerk who is inside already never waits.
 *
 * Its cost: the editor waits until no clerk at all is inside, and if the clerks relieve each other
 * that is never (see writer-starvation). And whether total can deadlock is now decided far from it,
 * where the lock is made, by an attribute that is glibc's own.
 */
#include <pthread.h>

#include "../include/subject.h"

enum { MAX_CLERKS = 16, TOTAL = 100 };

struct clerk {
    pthread_t thread;
    int wrong; /* totals that did not add up */
};

static int rounds;
static pthread_rwlock_t lock;
static int net = TOTAL, vat = 0; /* under the lock; their sum stays TOTAL */

static int vat_amount(void) {
    must(pthread_rwlock_rdlock(&lock), "rdlock");
    int amount = vat;
    must(pthread_rwlock_unlock(&lock), "unlock");
    return amount;
}

static int total(void) {
    must(pthread_rwlock_rdlock(&lock), "rdlock");
    int sum = net + vat_amount();
    must(pthread_rwlock_unlock(&lock), "unlock");
    return sum;
}

static void raise_vat(void) {
    must(pthread_rwlock_wrlock(&lock), "wrlock");
    net--;
    vat++;
    must(pthread_rwlock_unlock(&lock), "unlock");
}

static void *check_totals(void *arg) {
    struct clerk *clerk = arg;
    for (int i = 0; i < rounds; i++)
        clerk->wrong += total() != TOTAL;
    return NULL;
}

int main(int argc, char **argv) {
    static struct clerk clerk[MAX_CLERKS];
    int clerks = size_arg(argc, argv, 1, 2, 1, MAX_CLERKS);
    rounds = size_arg(argc, argv, 2, 5, 1, TOTAL);
    pthread_rwlockattr_t attr;
    must(pthread_rwlockattr_init(&attr), "rwlockattr_init");
    must(pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_READER_NP), "setkind");
    must(pthread_rwlock_init(&lock, &attr), "rwlock_init");
    for (int i = 0; i < clerks; i++)
        must(pthread_create(&clerk[i].thread, NULL, check_totals, &clerk[i]), "create");
    for (int i = 0; i < rounds; i++)
        raise_vat();
    int wrong = 0;
    for (int i = 0; i < clerks; i++) {
        must(pthread_join(clerk[i].thread, NULL), "join");
        wrong += clerk[i].wrong;
    }
    printf("VAT is %d, %d wrong totals\n", vat_amount(), wrong);
    return vat != rounds || wrong != 0;
}
