/* SPDX-License-Identifier: MIT */
/*
 * writer-starvation: N readers look at a page again and again; main changes it once.
 *
 * Bug (buggy/writer-starvation.c): a reader always comes in. As long as readers relieve each
 * other there is one inside, and the writer outside waits for ever.
 *
 *   reader 1         reader 2         writer
 *   ---------------  ---------------  ---------------------------
 *   start_read
 *                                     write_page: waits, 1 inside
 *                    start_read
 *   end_read                          still 1 inside
 *   start_read
 *                    end_read         still 1 inside, and so on
 *
 * Fix (fixed/writer-starvation.c): readers let a waiting writer go first. Its price: now a crowd
 * of writers could starve the readers; only first come, first served bounds both.
 * Class: CWE-667, improper locking.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_READERS = 64 };

static int turns;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* held by readers only at the door */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int reading; /* readers inside */
static int waiting; /* writers outside: 0 or 1 */
static int passed;  /* readers that came in while the writer waited */
static int page;

static void start_read(void) {
    must(pthread_mutex_lock(&lock), "lock"); /* HAZARD: nobody asks whether a writer waits */
    reading++;                               /* HAZARD: comes in even if a writer waits */
    passed += waiting;
    must(pthread_mutex_unlock(&lock), "unlock");
}

static void end_read(void) {
    must(pthread_mutex_lock(&lock), "lock");
    if (--reading == 0)
        must(pthread_cond_broadcast(&changed), "broadcast");
    must(pthread_mutex_unlock(&lock), "unlock");
}

static void write_page(void) {
    must(pthread_mutex_lock(&lock), "lock");
    waiting = 1;
    while (reading > 0)
        must(pthread_cond_wait(&changed, &lock), "wait"); /* HAZARD: as long as anybody reads */
    waiting = 0;
    page++;
    must(pthread_mutex_unlock(&lock), "unlock");
}

static void *reader(void *arg) {
    int *seen = arg;
    for (int i = 0; i < turns; i++) {
        start_read();
        *seen = page;
        end_read();
    }
    return NULL;
}

int main(int argc, char **argv) {
    int readers = size_arg(argc, argv, 1, 3, 1, MAX_READERS);
    turns = size_arg(argc, argv, 2, 50000, 1, 1000000);

    int seen[MAX_READERS];
    pthread_t tid[MAX_READERS];
    for (int i = 0; i < readers; i++)
        must(pthread_create(&tid[i], NULL, reader, &seen[i]), "pthread_create");
    write_page();
    for (int i = 0; i < readers; i++)
        must(pthread_join(tid[i], NULL), "pthread_join");

    printf("%d readers; %d came in while the writer waited\n", readers, passed);
    return passed > readers; /* once each could be called bad luck */
}
