/* SPDX-License-Identifier: MIT */
/*
 * lazy-init-atomic: N threads need a table; whoever needs it first builds it.
 *
 * Variant: double-checked locking done right. The pointer is atomic; the release store puts the
 * table before it, and a thread that sees it by an acquire load sees the table. The second check
 * may be relaxed, as the lock has ordered it already. It is about what pthread_once does inside; by
 * hand it is worth the trouble only where even a function call is too much.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MAX_THREADS = 64, SIZE = 10 };

struct table {
    int square[SIZE];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* held to build */
static _Atomic(struct table *) table;

static void build(void) {
    struct table *fresh = malloc(sizeof *fresh);
    must(fresh == NULL ? ENOMEM : 0, "malloc");
    for (int i = 0; i < SIZE; i++)
        fresh->square[i] = i * i;
    atomic_store_explicit(&table, fresh, memory_order_release);
}

static const struct table *get_table(void) {
    if (atomic_load_explicit(&table, memory_order_acquire) == NULL) {
        must(pthread_mutex_lock(&lock), "lock");
        if (atomic_load_explicit(&table, memory_order_relaxed) == NULL)
            build();
        must(pthread_mutex_unlock(&lock), "unlock");
    }
    return atomic_load_explicit(&table, memory_order_acquire);
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
    free(atomic_load(&table));

    printf("%d threads, %d squares misread\n", threads, misread);
    return misread != 0;
}
