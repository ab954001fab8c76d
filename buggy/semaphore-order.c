/* SPDX-License-Identifier: MIT */
/*
 * semaphore-order: two clerks share a scanner and a printer; each machine is a semaphore.
 *
 * Bug (buggy/semaphore-order.c): the clerks take the two machines in opposite order, so each can
 * hold the one that the other waits for.
 *
 *   copy clerk               fax clerk
 *   -----------------------  -----------------------
 *   takes the scanner
 *                            takes the printer
 *   waits for the printer
 *                            waits for the scanner: nobody moves
 *
 * A semaphore has no owner (anybody may post), so no tool that learns who holds which lock sees it.
 *
 * Fix (fixed/semaphore-order.c): both take the scanner first. Who waits for the printer then holds
 * the scanner, and who holds the printer waits for nothing.
 * Class: CWE-833, deadlock.
 */
#include <pthread.h>
#include <semaphore.h>

#include "../include/subject.h"

static int rounds;
static sem_t scanner, printer; /* 1 when free */
static int pages;              /* counted by whoever has both machines */

static void *copy_clerk(void *unused) {
    for (int i = 0; i < rounds; i++) {
        must_errno(sem_wait(&scanner), "sem_wait");
        must_errno(sem_wait(&printer), "sem_wait"); /* HAZARD: holds the scanner */
        pages++;
        must_errno(sem_post(&printer), "sem_post");
        must_errno(sem_post(&scanner), "sem_post");
    }
    return unused;
}

static void *fax_clerk(void *unused) {
    for (int i = 0; i < rounds; i++) {
        must_errno(sem_wait(&printer), "sem_wait");
        must_errno(sem_wait(&scanner), "sem_wait"); /* HAZARD: holds the printer */
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
    pthread_t copy, fax;
    must(pthread_create(&copy, NULL, copy_clerk, NULL), "create");
    must(pthread_create(&fax, NULL, fax_clerk, NULL), "create");
    must(pthread_join(copy, NULL), "join");
    must(pthread_join(fax, NULL), "join");
    printf("%d of %d pages done\n", pages, 2 * rounds);
    return pages != 2 * rounds;
}
