/* SPDX-License-Identifier: MIT */
/*
 * writer-starvation-limit: N readers look at a page again and again; main changes it once.
 *
 * Decoy: at most two readers at once, so that there is an end to them.
 * Why it still fails: a limit bounds how many are inside, not how long somebody is. Two are enough
 * to relieve each other:
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
 * Class: CWE-667, improper locking.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_READERS = 64, LIMIT = 2 };

static int turns;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* held by readers only at the door */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int reading; /* readers inside, at most LIMIT */
static int waiting; /* writers outside: 0 or 1 */
static int passed;  /* readers that came in while the writer waited */
static int page;

static void start_read(void) {
    must(pthread_mutex_lock(&lock), "lock"); /* HAZARD: nobody asks whether a writer waits */
    while (reading == LIMIT)
        must(pthread_cond_wait(&changed, &lock), "wait");
    reading++; /* HAZARD: comes in even if a writer waits */
    passed += waiting;
    must(pthread_mutex_unlock(&lock), "unlock");
}

static void end_read(void) {
    must(pthread_mutex_lock(&lock), "lock");
    reading--;
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
