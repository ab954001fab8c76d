/* SPDX-License-Identifier: MIT */
/*
 * lost-wakeup-semaphore: a postman puts letters into a tray; a clerk takes them out.
 *
 * Variant: a semaphore is a tray and a bell in one. It counts the letters, and a post that finds
 * nobody waiting is kept in the count: there is nothing to look at before the wait, so there is no
 * gap. Fits where what is waited for is a number; for any other condition it takes a mutex and a
 * condition variable.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

#include "../include/subject.h"

static int letters; /* in all */
static sem_t tray;  /* counts the letters waiting */

static bool tray_empty(void) {
    int waiting;
    must_errno(sem_getvalue(&tray, &waiting), "sem_getvalue");
    return waiting == 0;
}

static void take_letter(void) {
    must_errno(sem_wait(&tray), "sem_wait");
}

static void put_letter(void) {
    must_errno(sem_post(&tray), "sem_post");
}

static void *clerk(void *unused) {
    for (int i = 0; i < letters; i++)
        take_letter();
    return unused;
}

int main(int argc, char **argv) {
    letters = size_arg(argc, argv, 1, 3, 1, 1000000);
    must_errno(sem_init(&tray, 0, 0), "sem_init");
    pthread_t thread;
    must(pthread_create(&thread, NULL, clerk, NULL), "create");
    for (int i = 0; i < letters; i++)
        put_letter();
    must(pthread_join(thread, NULL), "join");
    bool empty = tray_empty();
    printf("%d letters, tray %s\n", letters, empty ? "empty" : "not empty");
    return !empty;
}
