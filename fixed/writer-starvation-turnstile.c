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
static int passed;                   /* readers that came in while the writer waited */
static int page;

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

static void start_read(void) {
    must(pthread_mutex_lock(&lock), "lock");
    enter_turnstile();
    reading++;
    passed += waiting;
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
