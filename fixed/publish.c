/* SPDX-License-Identifier: MIT */
/*
 * publish: a writer fills a record, then raises a flag; N readers wait for the flag, then read.
 *
 * Bug (buggy/publish.c): the flag is a plain int, so nothing orders the record before the flag,
 * neither for the compiler nor for the processor.
 *
 *   writer                        reader
 *   ----------------------------  ----------------------------
 *   ready = 1     (went ahead)
 *                                 ready? (yes)
 *                                 reads height  (0: not there yet)
 *   box.height = 7
 *
 * Unoptimised on x86, stores happen to stay in order and the result is right. On ARM the reader
 * may see half a record, and gcc -O2 lets it test ready once and spin for ever: the C standard
 * promises nothing here.
 *
 * Fix (fixed/publish.c): a release store to the flag, and acquire loads: who sees it, sees the
 * record.
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
    atomic_store_explicit(&ready, 1, memory_order_release);
    return NULL;
}

static void *reader(void *arg) {
    int *wrong = arg;
    while (!atomic_load_explicit(&ready, memory_order_acquire))
        sched_yield();
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
