/* SPDX-License-Identifier: MIT */
/*
 * publish-relaxed: a writer fills a record, then raises a flag; N readers wait for the flag, then
 * read.
 *
 * Decoy: the flag is atomic, with the cheapest order there is: "it is only a flag".
 * Why it still fails: memory_order_relaxed makes the flag whole and orders nothing else. There is
 * no race on the flag any more, and the one on the record is what it was:
 *
 *   writer                        reader
 *   ----------------------------  ----------------------------
 *   ready = 1     (went ahead)
 *                                 ready? (yes)
 *                                 reads height  (0: not there yet)
 *   box.height = 7
 *
 * Class: CWE-820, missing synchronization.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { MAX_READERS = 64 };

static struct { int width, height, area; } box;
static atomic_int ready;

static void *writer(void *arg) {
    (void)arg;
    box.width = 6;
    box.height = 7;
    box.area = 42;
    atomic_store_explicit(&ready, 1, memory_order_relaxed); /* HAZARD: holds no store above it */
    return NULL;
}

static void *reader(void *arg) {
    int *wrong = arg;
    while (!atomic_load_explicit(&ready, memory_order_relaxed))
        sched_yield();
    *wrong = box.width * box.height != 42 || box.area != 42; /* HAZARD: may see half a record */
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
