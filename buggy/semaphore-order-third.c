/* SPDX-License-Identifier: MIT */
/*
 * semaphore-order-third: two clerks share a scanner and a printer; each machine is a semaphore.
 *
 * Decoy: a third semaphore, a key: only who has it may reach for a second machine.
 * Why it still fails: the key is taken second, when each clerk may hold a machine already. The
 * circle only grows by one. Taken first, before any machine, the key would do.
 *
 *   copy clerk               fax clerk
 *   -----------------------  -----------------------
 *   takes the scanner
 *                            takes the printer
 *   takes the key
 *   waits for the printer
 *                            waits for the key: nobody moves
 *
 * Class: CWE-833, deadlock.
 */
#include <pthread.h>
#include <semaphore.h>

#include "../include/subject.h"

static int rounds;
static sem_t scanner, printer, key; /* 1 when free */
static int pages;                   /* counted by whoever has both machines */

static void *copy_clerk(void *unused) {
    for (int i = 0; i < rounds; i++) {
        must_errno(sem_wait(&scanner), "sem_wait");
        must_errno(sem_wait(&key), "sem_wait");     /* HAZARD: holds the scanner */
        must_errno(sem_wait(&printer), "sem_wait"); /* HAZARD: holds the scanner */
        must_errno(sem_post(&key), "sem_post");
        pages++;
        must_errno(sem_post(&printer), "sem_post");
        must_errno(sem_post(&scanner), "sem_post");
    }
    return unused;
}

static void *fax_clerk(void *unused) {
    for (int i = 0; i < rounds; i++) {
        must_errno(sem_wait(&printer), "sem_wait");
        must_errno(sem_wait(&key), "sem_wait");     /* HAZARD: holds the printer */
        must_errno(sem_wait(&scanner), "sem_wait"); /* HAZARD: holds the printer */
        must_errno(sem_post(&key), "sem_post");
        pages++;
        must_errno(sem_post(&printer), "sem_post");
        must_errno(sem_post(&scanner), "sem_post");
    }
    return unused;
}

int main(int argc, char **argv) {
    rounds = size_arg(argc, argv, 1, 5, 1, 1000000);
    must_errno(sem_init(&scanner, 0, 1), "sem_init");
    must_errno(sem_init(&printer, 0, 1), "sem_init");
    must_errno(sem_init(&key, 0, 1), "sem_init");
    pthread_t copy, fax;
    must(pthread_create(&copy, NULL, copy_clerk, NULL), "create");
    must(pthread_create(&fax, NULL, fax_clerk, NULL), "create");
    must(pthread_join(copy, NULL), "join");
    must(pthread_join(fax, NULL), "join");
    printf("%d of %d pages done\n", pages, 2 * rounds);
    return pages != 2 * rounds;
}
