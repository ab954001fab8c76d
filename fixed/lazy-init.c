/* SPDX-License-Identifier: MIT */
/*
 * lazy-init: N threads need a table; whoever needs it first builds it.
 *
 * Bug (buggy/lazy-init.c): double-checked locking. The first check takes no lock, so a thread
 * that finds the pointer set has no promise that what it points to has arrived too.
 *
 *   thread 1                      thread 2
 *   ----------------------------  ----------------------------
 *   table == NULL? (yes), lock
 *   table = fresh  (went ahead)
 *                                 table == NULL? (no)
 *                                 reads square[9]  (0: not there yet)
 *   square[9] = 81
 *   unlock
 *
 * Unoptimised on x86, stores happen to stay in order and the result is right; the C standard does
 * not promise it, and on ARM the processor may swap them.
 *
 * Fix (fixed/lazy-init.c): pthread_once builds the table once and orders it before every return.
 * Class: CWE-609, double-checked locking.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_THREADS = 64, SIZE = 10 };

struct table {
    int square[SIZE];
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct table *table;

static void build(void) {
    struct table *fresh = malloc(sizeof *fresh);
    must(fresh == NULL ? ENOMEM : 0, "malloc");
    for (int i = 0; i < SIZE; i++)
        fresh->square[i] = i * i;
    table = fresh;
}

static const struct table *get_table(void) {
    must(pthread_once(&once, build), "pthread_once");
    return table;
}

static void *user(void *arg) {
    int *wrong = arg;
    const struct table *mine = get_table();
    for (int i = 0; i < SIZE; i++)
        *wrong += mine->square[i] != i * i;
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 2, 2, MAX_THREADS);

    int wrong[MAX_THREADS] = {0};
    pthread_t tid[MAX_THREADS];
    for (int i = 0; i < threads; i++)
        must(pthread_create(&tid[i], NULL, user, &wrong[i]), "pthread_create");
    int misread = 0;
    for (int i = 0; i < threads; i++) {
        must(pthread_join(tid[i], NULL), "pthread_join");
        misread += wrong[i];
    }
    free(table);

    printf("%d threads, %d squares misread\n", threads, misread);
    return misread != 0;
}
