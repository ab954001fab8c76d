/* SPDX-License-Identifier: MIT */
/*
 * unsafe-libc-lock-call: N threads write a date out each, and pick the year, its last word, from
 * the text.
 *
 * Decoy: every call of the unsafe functions holds a lock, so that no two are inside at once.
 * Why it still fails: the functions leave something behind, a text in a static buffer and a place
 * in it, and the lock is gone before that is used:
 *
 *   thread 1                        thread 2
 *   ------------------------------  ------------------------------
 *   lock, text = asctime(1971), unlock
 *                                   lock, text = asctime(1972), unlock
 *   lock, strtok(text), unlock, ...
 *   the last word is 1972
 *
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

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* held around each call */
static int rounds;

static char *safe_asctime(const struct tm *when) {
    must(pthread_mutex_lock(&lock), "lock");
    char *text = asctime(when); /* HAZARD: the next call overwrites a text still in use */
    must(pthread_mutex_unlock(&lock), "unlock");
    return text;
}

static char *safe_strtok(char *text) {
    must(pthread_mutex_lock(&lock), "lock");
    char *word = strtok(text, " \n"); /* HAZARD: goes on from where any thread left off */
    must(pthread_mutex_unlock(&lock), "unlock");
    return word;
}

static void *formatter(void *arg) {
    struct job *job = arg;
    for (int i = 0; i < rounds; i++) {
        char *text = safe_asctime(&job->when);
        const char *last = "";
        char *word = safe_strtok(text);
        while (word != NULL) {
            last = word;
            word = safe_strtok(NULL);
        }
        job->wrong += strcmp(last, job->year) != 0; /* HAZARD: reads what others write */
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
