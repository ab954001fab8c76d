/* SPDX-License-Identifier: MIT */
/*
 * publish-volatile: a writer fills a record, then raises a flag; N readers wait for the flag, then
 * read.
 *
 * Decoy: the flag is volatile, so that the compiler leaves it alone.
 * Why it still fails: the compiler now emits every access to the flag, which cures the endless loop
 * that -O2 makes of a plain one, and nothing else. The record is not volatile, so its stores may
 * still be moved across the flag, by the compiler and by the processor:
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

enum { MAX_READERS = 64 };

static struct { int width, height, area; } box;
static volatile int ready;

static void *writer(void *arg) {
    (void)arg;
    box.width = 6;
    box.height = 7;
    box.area = 42;
    ready = 1; /* HAZARD: does not keep the stores above it above it */
    return NULL;
}

static void *reader(void *arg) {
    int *wrong = arg;
    while (!ready) /* HAZARD: does not keep the loads below it below it */
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
