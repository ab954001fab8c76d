/* SPDX-License-Identifier: MIT */
/*
 * read-lock-write-upgrade: N threads look up a page; every look-up counts a hit.
 *
 * Decoy: the look-up reads under the read lock and takes the write lock for what it writes.
 * Why it still fails: to upgrade is to unlock and to lock again. In between nobody holds the lock,
 * and what was read grows old. There is no data race any more, so that race detectors fall silent:
 *
 *   thread 1                   thread 2
 *   -------------------------  -------------------------
 *   rdlock
 *   loc = hits    (0)
 *   unlock
 *                              rdlock
 *                              loc = hits    (0)
 *                              unlock
 *   wrlock
 *   hits = loc+1  (1)
 *   unlock
 *                              wrlock
 *                              hits = loc+1  (1: one hit is gone)
 *
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
    int loc = page.hits;
    must(pthread_rwlock_unlock(&lock), "unlock");
    loc++;
    must(pthread_rwlock_wrlock(&lock), "wrlock"); /* HAZARD: others may have had it meanwhile */
    page.hits = loc;                              /* HAZARD: overwrites what they counted */
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
