/* SPDX-License-Identifier: MIT */
/*
 * lazy-init-volatile: N threads need a table; whoever needs it first builds it.
 *
 * Decoy: double-checked locking with a volatile pointer, so that nobody sees a stale one.
 * Why it still fails: a stale pointer does no harm, as the second check takes the lock; a fresh one
 * does, when the table behind it is missing. The stores to the table are not volatile, and neither
 * the compiler nor the processor has to finish them before the one to the pointer:
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
 * In Java since 2004, volatile does mend this idiom; in C the word means something else.
 * Class: CWE-609, double-checked locking.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_THREADS = 64, SIZE = 10 };

struct table {
    int square[SIZE];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct table *volatile table;

static void build(void) {
    struct table *fresh = malloc(sizeof *fresh);
    must(fresh == NULL ? ENOMEM : 0, "malloc");
    for (int i = 0; i < SIZE; i++)
        fresh->square[i] = i * i;
    table = fresh; /* HAZARD: seen by those who do not take the lock */
}

static const struct table *get_table(void) {
    if (table == NULL) { /* HAZARD: looks without the lock */
        must(pthread_mutex_lock(&lock), "lock");
        if (table == NULL)
            build();
        must(pthread_mutex_unlock(&lock), "unlock");
    }
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
