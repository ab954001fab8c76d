/* SPDX-License-Identifier: MIT */
/*
 * unsafe-libc: N threads write a date out each, and pick the year, its last word, from the text.
 *
 * Bug (buggy/unsafe-libc.c): asctime returns the address of one static buffer, and strtok keeps
 * its place in one static variable. Each thread writes over the other's text and moves the
 * other's place.
 *
 *   thread 1                        thread 2
 *   ------------------------------  ------------------------------
 *   text = asctime(1971)
 *                                   text = asctime(1972)  (same buffer)
 *   strtok(text), strtok(NULL), ...
 *   the last word is 1972
 *
 * Fix (fixed/unsafe-libc.c): asctime_r and strtok_r keep all that in variables of the caller.
 * Class: CWE-663, non-reentrant function in a concurrent context.
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

static int rounds;

static void *formatter(void *arg) {
    struct job *job = arg;
    for (int i = 0; i < rounds; i++) {
        char buffer[26], *place;
        char *text = asctime_r(&job->when, buffer);
        const char *last = "";
        char *word = strtok_r(text, " \n", &place);
        while (word != NULL) {
            last = word;
            word = strtok_r(NULL, " \n", &place);
        }
        job->wrong += strcmp(last, job->year) != 0;
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
