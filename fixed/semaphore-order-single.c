/* SPDX-License-Identifier: MIT */
/*
 * semaphore-order-single: two clerks share a scanner and a printer.
 *
 * Variant: one semaphore for both machines. Who waits holds nothing, so there is no order to get
 * wrong. Its price: a clerk who needs only the scanner has to wait for the printer as well; as long
 * as every job needs both, that costs nothing.
 */
#include <pthread.h>
#include <semaphore.h>

#include "../include/subject.h"

static int rounds;
static sem_t machines; /* 1 when both are free */
static int pages;      /* counted by whoever has them */

static void *copy_clerk(void *unused) {
    for (int i = 0; i < rounds; i++) {
        must_errno(sem_wait(&machines), "sem_wait");
        pages++;
        must_errno(sem_post(&machines), "sem_post");
    }
    return unused;
}

static void *fax_clerk(void *unused) {
    for (int i = 0; i < rounds; i++) {
        must_errno(sem_wait(&machines), "sem_wait");
        pages++;
        must_errno(sem_post(&machines), "sem_post");
    }
    return unused;
}

int main(int argc, char **argv) {
    rounds = size_arg(argc, argv, 1, 5, 1, 1000000);
    must_errno(sem_init(&machines, 0, 1), "sem_init");
    pthread_t copy, fax;
    must(pthread_create(&copy, NULL, copy_clerk, NULL), "create");
    must(pthread_create(&fax, NULL, fax_clerk, NULL), "create");
    must(pthread_join(copy, NULL), "join");
    must(pthread_join(fax, NULL), "join");
    printf("%d of %d pages done\n", pages, 2 * rounds);
    return pages != 2 * rounds;
}
