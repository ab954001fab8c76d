/* SPDX-License-Identifier: MIT */
/*
 * publish-condvar: a writer fills a record, then raises a flag; N readers wait for the flag, then
 * read.
 *
 * Variant: the flag is guarded by a mutex, and who finds it down sleeps until it is raised. The
 * writer's unlock comes after its stores to the record, a reader's lock after that unlock: who sees
 * the flag, sees the record. Nobody burns a processor while waiting; the price is a lock for every
 * reader, even long after the flag is up.
 */
#include "../include/subject.h"

#include <pthread.h>

enum { MAX_READERS = 64 };

static struct { int width, height, area; } box;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t raised = PTHREAD_COND_INITIALIZER;
static int ready; /* guarded by lock */

static void *writer(void *arg) {
    (void)arg;
    box.width = 6;
    box.height = 7;
    box.area = 42;
    must(pthread_mutex_lock(&lock), "lock");
    ready = 1;
    must(pthread_cond_broadcast(&raised), "broadcast");
    must(pthread_mutex_unlock(&lock), "unlock");
    return NULL;
}

static void *reader(void *arg) {
    int *wrong = arg;
    must(pthread_mutex_lock(&lock), "lock");
    while (!ready)
        must(pthread_cond_wait(&raised, &lock), "wait");
    must(pthread_mutex_unlock(&lock), "unlock");
    *wrong = box.width * box.height != 42 || box.area != 42;
    return NULL;
}

int main(int argc, char **argv) {
    int readers = size_arg(argc, argv, 1, 1, 1, MAX_READERS);

    int wrong[MAX_READERS] = {0};
    pthread_t tid[MAX_READERS], writer_tid;
    for (int i = 0; i < readers; i++)
        must(pthread_create(&tid[i], NULL, reader, &wrong[i]), "pthread_create");
    must(pthread_create(&writer_tid, NULL, writer, NULL), "pthread_create");
    must(pthread_join(writer_tid, NULL), "pthread_join");
    int misled = 0;
    for (int i = 0; i < readers; i++) {
        must(pthread_join(tid[i], NULL), "pthread_join");
        misled += wrong[i];
    }

    printf("%d reader(s), %d saw an unfinished record\n", readers, misled);
    return misled != 0;
}
