/* SPDX-License-Identifier: MIT */
/*
 * use-after-free: N readers hold an entry of a cache; meanwhile an evictor drops it to save
 * memory.
 *
 * Bug (buggy/use-after-free.c): to drop is to free, and nobody asked who still holds the entry.
 *
 *   reader                        evictor
 *   ----------------------------  ----------------------------
 *   reads entry->value  (right)
 *                                 let_go(entry): free
 *   reads entry->value  (by now somebody else's memory)
 *
 * Fix (fixed/use-after-free.c): a count of the holders; the last one to let go frees.
 * Class: CWE-416, use after free.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_READERS = 64, ANSWER = 42 };

struct entry {
    int value;
};

static int rounds;

static void let_go(struct entry *entry) {
    free(entry); /* HAZARD: others may still read it */
}

static void *evictor(void *arg) {
    let_go(arg);
    return NULL;
}

static void *reader(void *arg) {
    struct entry *entry = arg;
    long wrong = 0;
    for (int i = 0; i < rounds; i++)
        wrong += entry->value != ANSWER; /* HAZARD: the entry may be gone */
    return (void *)wrong;
}

int main(int argc, char **argv) {
    int readers = size_arg(argc, argv, 1, 1, 1, MAX_READERS);
    rounds = size_arg(argc, argv, 2, 10000, 1, 1000000);

    struct entry *entry = malloc(sizeof *entry);
    must(entry == NULL ? ENOMEM : 0, "malloc");
    entry->value = ANSWER;

    pthread_t tid[MAX_READERS], evictor_tid;
    must(pthread_create(&evictor_tid, NULL, evictor, entry), "pthread_create");
    for (int i = 0; i < readers; i++)
        must(pthread_create(&tid[i], NULL, reader, entry), "pthread_create");
    long wrong = 0;
    for (int i = 0; i < readers; i++) {
        void *result;
        must(pthread_join(tid[i], &result), "pthread_join");
        wrong += (long)result;
    }
    must(pthread_join(evictor_tid, NULL), "pthread_join");

    printf("%d reads, %ld wrong\n", readers * rounds, wrong);
    return wrong != 0;
}
