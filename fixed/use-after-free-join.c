/* SPDX-License-Identifier: MIT */
/*
 * use-after-free-join: N readers hold an entry of a cache; when they are through, it is dropped.
 *
 * Variant: nobody counts. main gave the entry to the readers, so it joins them, and only then
 * starts the evictor: a thread that has ended reads no more. Simple, and right wherever the holders
 * are threads that end; but the memory is held until the slowest of them is through.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_READERS = 64, ANSWER = 42 };

struct entry {
    int value;
};

static int rounds;

static void let_go(struct entry *entry) {
    free(entry);
}

static void *evictor(void *arg) {
    let_go(arg);
    return NULL;
}

static void *reader(void *arg) {
    struct entry *entry = arg;
    long wrong = 0;
    for (int i = 0; i < rounds; i++)
        wrong += entry->value != ANSWER;
    return (void *)wrong;
}

int main(int argc, char **argv) {
    int readers = size_arg(argc, argv, 1, 1, 1, MAX_READERS);
    rounds = size_arg(argc, argv, 2, 10000, 1, 1000000);

    struct entry *entry = malloc(sizeof *entry);
    must(entry == NULL ? ENOMEM : 0, "malloc");
    entry->value = ANSWER;

    pthread_t tid[MAX_READERS], evictor_tid;
    for (int i = 0; i < readers; i++)
        must(pthread_create(&tid[i], NULL, reader, entry), "pthread_create");
    long wrong = 0;
    for (int i = 0; i < readers; i++) {
        void *result;
        must(pthread_join(tid[i], &result), "pthread_join");
        wrong += (long)result;
    }
    must(pthread_create(&evictor_tid, NULL, evictor, entry), "pthread_create");
    must(pthread_join(evictor_tid, NULL), "pthread_join");

    printf("%d reads, %ld wrong\n", readers * rounds, wrong);
    return wrong != 0;
}
