/* SPDX-License-Identifier: MIT */
/*
 * joblist: a shell forks jobs and adds each to its job list; the handler of SIGCHLD deletes it.
 *
 * Variant (fixed/joblist-reap-in-main.c): no handler at all. The shell reaps between two jobs, at a
 * moment of its own choosing: there is one flow of control, and it adds before it deletes. The
 * price: a job that has ended stays a zombie until the shell looks again.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

enum { MAX_JOBS = 32 };

static pid_t jobs[MAX_JOBS]; /* 0: a free slot */

static void add_job(pid_t pid) {
    int slot = 0;
    while (jobs[slot] != 0)
        slot++;
    jobs[slot] = pid;
}

static void delete_job(pid_t pid) {
    for (int slot = 0; slot < MAX_JOBS; slot++)
        if (jobs[slot] == pid)
            jobs[slot] = 0;
}

/* WNOHANG: those that have ended; 0: waits until all have. */
static void reap(int options) {
    pid_t pid;
    while ((pid = waitpid(-1, NULL, options)) > 0)
        delete_job(pid);
}

static void start_job(void) {
    pid_t pid = must_errno(fork(), "fork");
    if (pid == 0)
        _exit(0);
    add_job(pid);
}

int main(int argc, char **argv) {
    int count = size_arg(argc, argv, 1, 8, 1, MAX_JOBS);
    for (int i = 0; i < count; i++) {
        start_job();
        reap(WNOHANG);
    }
    reap(0);
    int stale = 0;
    for (int slot = 0; slot < MAX_JOBS; slot++)
        stale += jobs[slot] != 0;
    printf("%d jobs ended, %d still in the list\n", count, stale);
    return stale != 0;
}
