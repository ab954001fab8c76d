/* SPDX-License-Identifier: MIT */
/*
 * read-lock-write-mutex: N threads look up a page; every look-up counts a hit.
 *
 * Variant: a mutex, which has no wrong way to be taken. As every look-up writes, a readers-writer
 * lock would let in one at a time too, and cost more.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_THREADS = 64 };

static int rounds;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    const char *text;
    int hits;
} page = {.text = "welcome"}; /* guarded by lock */

static const char *look_up(void) {
    must(pthread_mutex_lock(&lock), "lock");
    const char *text = page.text;
    int loc = page.hits;
    loc++;
    page.hits = loc;
    must(pthread_mutex_unlock(&lock), "unlock");
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
