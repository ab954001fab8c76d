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
static int page;

struct reader {
    int seen;        /* the page */
    int turns_ahead; /* times that it came in while the writer waited */
};

static void start_read(struct reader *me) {
    must(pthread_mutex_lock(&lock), "lock"); /* HAZARD: nobody asks whether a writer waits */
    while (reading == LIMIT)
        must(pthread_cond_wait(&changed, &lock), "wait");
    reading++; /* HAZARD: comes in even if a writer waits */
    me->turns_ahead += waiting;
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
    struct reader *me = arg;
    for (int i = 0; i < turns; i++) {
        start_read(me);
        me->seen = page;
        end_read();
    }
    return NULL;
}

int main(int argc, char **argv) {
    int readers = size_arg(argc, argv, 1, 3, 1, MAX_READERS);
    turns = size_arg(argc, argv, 2, 50000, 1, 1000000);
    struct reader all[MAX_READERS] = {0};
    pthread_t tid[MAX_READERS];
    for (int i = 0; i < readers; i++)
        must(pthread_create(&tid[i], NULL, reader, &all[i]), "pthread_create");
    write_page();
    int returned = 0; /* readers that left, and overtook the writer again */
    for (int i = 0; i < readers; i++) {
        must(pthread_join(tid[i], NULL), "pthread_join");
        returned += all[i].turns_ahead > 1;
    }
    printf("%d of %d readers came in twice or more while the writer waited%s\n", returned, readers,
           returned > 0 ? ": starvation, they may go on for ever" : "");
    return returned > 0; /* once each is bad luck: they were on their way in */
}
