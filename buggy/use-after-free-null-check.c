/* SPDX-License-Identifier: MIT */
/*
 * use-after-free-null-check: N readers use an entry of a cache; meanwhile an evictor drops it to
 * save memory.
 *
 * Decoy: the evictor sets the pointer to NULL, and the readers look at it before every use.
 * Why it still fails: the pointer is looked at, then used, and the entry can go in between. (If the
 * pointer goes in between, the reader crashes; that is the lucky case.)
 *
 *   reader                        evictor
 *   ----------------------------  ----------------------------
 *   *cache != NULL?  (yes)
 *                                 let_go: free(*cache)
 *   reads (*cache)->value  (by now somebody else's memory)
 *                                 let_go: *cache = NULL  (too late)
 *
 * Class: CWE-416, use after free.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_READERS = 64, ANSWER = 42 };

struct entry {
    int value;
};

static int rounds;

static void let_go(struct entry **cache) {
    free(*cache);  /* HAZARD: a reader may have checked already */
    *cache = NULL; /* HAZARD: too late for whoever has checked */
}

static void *evictor(void *arg) {
    let_go(arg);
    return NULL;
}

static void *reader(void *arg) {
    struct entry **cache = arg;
    long wrong = 0;
    for (int i = 0; i < rounds; i++)
        if (*cache != NULL)                     /* HAZARD: the answer is old by the next line */
            wrong += (*cache)->value != ANSWER; /* HAZARD: the entry may be gone */
    return (void *)wrong;
}

int main(int argc, char **argv) {
    int readers = size_arg(argc, argv, 1, 1, 1, MAX_READERS);
    rounds = size_arg(argc, argv, 2, 10000, 1, 1000000);

    struct entry *entry = malloc(sizeof *entry);
    must(entry == NULL ? ENOMEM : 0, "malloc");
    entry->value = ANSWER;

    pthread_t tid[MAX_READERS], evictor_tid;
    must(pthread_create(&evictor_tid, NULL, evictor, &entry), "pthread_create");
    for (int i = 0; i < readers; i++)
        must(pthread_create(&tid[i], NULL, reader, &entry), "pthread_create");
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
