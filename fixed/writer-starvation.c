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
static int page;

struct reader {
    int seen;        /* the page */
    int turns_ahead; /* times that it came in while the writer waited */
};

static void start_read(struct reader *me) {
    must(pthread_mutex_lock(&lock), "lock");
    while (waiting)
        must(pthread_cond_wait(&changed, &lock), "wait");
    reading++;
    me->turns_ahead += waiting;
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
        must(pthread_cond_wait(&changed, &lock), "wait");
    waiting = 0;
    must(pthread_cond_broadcast(&changed), "broadcast");
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
