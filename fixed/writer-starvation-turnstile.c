/* SPDX-License-Identifier: MIT */
/*
 * writer-starvation-turnstile: N readers look at a page again and again; main changes it once.
 *
 * Variant: first come, first served. All pass one turnstile in the order of their tickets. A reader
 * goes straight through; a writer stays in it until the room is empty, and holds up those who came
 * later. Nobody waits for more than those who drew a ticket before, once each: nobody starves.
 * A mutex would not do as a turnstile: it is no queue, and the same readers might get it again and
 * again while the writer starves in front of it.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_READERS = 64 };

static int turns;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* held by readers only at the door */
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int reading;                  /* readers inside */
static int waiting;                  /* writers outside: 0 or 1 */
static int next_ticket, now_serving; /* the turnstile */
static int page;

struct reader {
    int seen;        /* the page */
    int turns_ahead; /* times that it came in while the writer waited */
};

/* The caller holds the lock. */
static void enter_turnstile(void) {
    int mine = next_ticket++;
    while (now_serving != mine)
        must(pthread_cond_wait(&changed, &lock), "wait");
}

static void leave_turnstile(void) {
    now_serving++;
    must(pthread_cond_broadcast(&changed), "broadcast");
}

static void start_read(struct reader *me) {
    must(pthread_mutex_lock(&lock), "lock");
    enter_turnstile();
    reading++;
    me->turns_ahead += waiting;
    leave_turnstile();
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
    enter_turnstile();
    while (reading > 0)
        must(pthread_cond_wait(&changed, &lock), "wait");
    waiting = 0;
    page++;
    leave_turnstile();
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
