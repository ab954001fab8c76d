/* SPDX-License-Identifier: MIT */
/*
 * read-lock-write: N threads look up a page; every look-up counts a hit.
 *
 * Bug (buggy/read-lock-write.c): a look-up sounds like reading, so it takes the lock for reading,
 * which lets the others in as well; but it also writes.
 *
 *   thread 1                   thread 2
 *   -------------------------  -------------------------
 *   rdlock
 *                              rdlock  (granted: readers share)
 *   loc = hits    (0)
 *                              loc = hits    (0)
 *   hits = loc+1  (1)
 *                              hits = loc+1  (1: one hit is gone)
 *
 * Fix (fixed/read-lock-write.c): whoever writes takes the lock for writing, whatever it is
 * called.
 * Class: CWE-667, improper locking.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_THREADS = 64 };

static int rounds;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct {
    const char *text;
    int hits;
} page = {.text = "welcome"}; /* guarded by lock */

static const char *look_up(void) {
    must(pthread_rwlock_rdlock(&lock), "rdlock");
    const char *text = page.text;
    int loc = page.hits; /* HAZARD: others hold the lock too, and may write */
    loc++;
    page.hits = loc; /* HAZARD: writes under a read lock */
    must(pthread_rwlock_unlock(&lock), "unlock");
    return text;
}

static void *visitor(void *arg) {
    (void)arg;
    for (int i = 0; i < rounds; i++)
        look_up();
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 2, 2, MAX_THREADS);
    rounds = size_arg(argc, argv, 2, 5000, 1, 1000000);

    pthread_t tid[MAX_THREADS];
    for (int i = 0; i < threads; i++)
        must(pthread_create(&tid[i], NULL, visitor, NULL), "pthread_create");
    for (int i = 0; i < threads; i++)
        must(pthread_join(tid[i], NULL), "pthread_join");

    int lost = threads * rounds - page.hits;
    printf("%d look-ups, %d hits: %d lost\n", threads * rounds, page.hits, lost);
    return lost != 0;
}
