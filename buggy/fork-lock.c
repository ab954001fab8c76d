/* SPDX-License-Identifier: MIT */
/*
 * fork-lock: a thread writes log entries; main forks children, and each logs an entry of its own.
 *
 * Bug (buggy/fork-lock.c): fork copies the memory, a locked mutex included, but of all the threads
 * only the one that forks: the child can wait for an unlock by a thread that it does not have.
 *
 *   logger               main                 child
 *   -------------------  -------------------  -------------------
 *   locks the log
 *                        forks                (its copy of the lock: locked)
 *                        waits for the child
 *   unlocks, in the                           locks the log: waits for ever
 *   parent only
 *
 * Fix (fixed/fork-lock.c): pthread_atfork makes main take the lock before every fork and release it
 * afterwards, in the parent and in the child: what is copied is a lock in the hands of main.
 * Class: CWE-833, deadlock.
 */
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

enum { MAX_LENGTH = 1 << 20 };

static int entries, length;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char entry[MAX_LENGTH]; /* the last one; under the lock, like the count */
static int logged;
static sem_t logger_done;

static void log_entry(int number) {
    must(pthread_mutex_lock(&lock), "lock"); /* HAZARD: the owner may not exist in this process */
    for (int i = 0; i < length; i++)
        entry[i] = (char)('a' + (number + i) % 26);
    logged++;
    must(pthread_mutex_unlock(&lock), "unlock");
}

static void *logger(void *unused) {
    for (int i = 0; i < entries; i++)
        log_entry(i);
    must_errno(sem_post(&logger_done), "sem_post");
    return unused;
}

int main(int argc, char **argv) {
    int children = size_arg(argc, argv, 1, 3, 1, 1000);
    entries = size_arg(argc, argv, 2, 20, 1, 1000000);
    length = size_arg(argc, argv, 3, 40000, 1, MAX_LENGTH);
    must_errno(sem_init(&logger_done, 0, 0), "sem_init");
    pthread_t thread;
    must(pthread_create(&thread, NULL, logger, NULL), "create");
    must(pthread_detach(thread), "detach"); /* a child has no such thread to join */
    int failed = 0;
    for (int i = 0; i < children; i++) {
        pid_t pid = must_errno(fork(), "fork");
        if (pid == 0) {
            log_entry(i);
            _exit(0);
        }
        int status;
        must_errno(waitpid(pid, &status, 0), "waitpid");
        failed += status != 0;
    }
    must_errno(sem_wait(&logger_done), "sem_wait");
    printf("%d of %d entries, %d of %d children failed\n", logged, entries, failed, children);
    return logged != entries || failed != 0;
}
