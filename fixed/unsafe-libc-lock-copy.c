/* SPDX-License-Identifier: MIT */
/*
 * unsafe-libc-lock-copy: N threads write a date out each, and pick the year, its last word, from
 * the text.
 *
 * Variant: lock and copy, for functions that have no _r form. The lock is held until what is wanted
 * lies in memory of the caller: not for each call, but from asctime to the last strtok, which is as
 * long as the buffer and the place in it are needed. It helps only if everybody in the process who
 * calls the two, libraries included, takes the same lock.
 */
#include "../include/subject.h"

#include <pthread.h>
#include <time.h>

enum { MAX_THREADS = 64 };

struct job {
    struct tm when;
    char year[16]; /* what the last word must be */
    int wrong;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what asctime and strtok keep */
static int rounds;

static void *formatter(void *arg) {
    struct job *job = arg;
    for (int i = 0; i < rounds; i++) {
        must(pthread_mutex_lock(&lock), "lock");
        char *text = asctime(&job->when);
        const char *last = "";
        char *word = strtok(text, " \n");
        while (word != NULL) {
            last = word;
            word = strtok(NULL, " \n");
        }
        char year[sizeof job->year];
        snprintf(year, sizeof year, "%s", last);
        must(pthread_mutex_unlock(&lock), "unlock");
        job->wrong += strcmp(year, job->year) != 0;
    }
    return NULL;
}

int main(int argc, char **argv) {
    int threads = size_arg(argc, argv, 1, 2, 2, MAX_THREADS);
    rounds = size_arg(argc, argv, 2, 1000, 1, 1000000);

    struct job job[MAX_THREADS] = {0};
    pthread_t tid[MAX_THREADS];
    for (int i = 0; i < threads; i++) {
        job[i].when = (struct tm){.tm_year = 71 + i, .tm_mday = 1};
        snprintf(job[i].year, sizeof job[i].year, "%d", 1971 + i);
        must(pthread_create(&tid[i], NULL, formatter, &job[i]), "pthread_create");
    }
    int wrong = 0;
    for (int i = 0; i < threads; i++) {
        must(pthread_join(tid[i], NULL), "pthread_join");
        wrong += job[i].wrong;
    }

    printf("%d dates, %d with a wrong year\n", threads * rounds, wrong);
    return wrong != 0;
}
