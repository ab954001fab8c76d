/* SPDX-License-Identifier: MIT */
/*
 * lost-wakeup-signal-twice: a postman puts letters into a tray and rings; a clerk takes them out.
 *
 * Decoy: the postman rings twice, in case the first ring is not heard.
 * Why it still fails: both rings fall into the same gap. A signal is kept for nobody, and neither
 * are two:
 *
 *   clerk                           postman
 *   ------------------------------  ------------------------------
 *   lock, tray is empty, unlock
 *                                   lock, the last letter goes in
 *                                   signal: nobody waits
 *                                   signal: nobody waits
 *                                   unlock
 *   lock, wait: for ever, with a letter in the tray
 *
 * Class: CWE-662, improper synchronization.
 */
#include <pthread.h>
#include <stdbool.h>

#include "../include/subject.h"

static int letters; /* in all */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ring = PTHREAD_COND_INITIALIZER;
static int tray; /* letters waiting; under the lock */

static bool tray_empty(void) {
    must(pthread_mutex_lock(&lock), "lock");
    bool empty = tray == 0;
    must(pthread_mutex_unlock(&lock), "unlock");
    return empty;
}

static void take_letter(void) {
    while (tray_empty()) {
        must(pthread_mutex_lock(&lock), "lock");
        must(pthread_cond_wait(&ring, &lock), "wait"); /* HAZARD: both rings may be over already */
        must(pthread_mutex_unlock(&lock), "unlock");
    }
    must(pthread_mutex_lock(&lock), "lock");
    tray--;
    must(pthread_mutex_unlock(&lock), "unlock");
}

static void put_letter(void) {
    must(pthread_mutex_lock(&lock), "lock");
    tray++;
    must(pthread_cond_signal(&ring), "signal");
    must(pthread_cond_signal(&ring), "signal");
    must(pthread_mutex_unlock(&lock), "unlock");
}

static void *clerk(void *unused) {
    for (int i = 0; i < letters; i++)
        take_letter();
    return unused;
}

int main(int argc, char **argv) {
    letters = size_arg(argc, argv, 1, 3, 1, 1000000);
    pthread_t thread;
    must(pthread_create(&thread, NULL, clerk, NULL), "create");
    for (int i = 0; i < letters; i++)
        put_letter();
    must(pthread_join(thread, NULL), "join");
    bool empty = tray_empty();
    printf("%d letters, tray %s\n", letters, empty ? "empty" : "not empty");
    return !empty;
}
