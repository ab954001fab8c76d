/* SPDX-License-Identifier: MIT */
/*
 * joblist: a shell forks jobs and adds each to its job list; the handler of SIGCHLD deletes it.
 *
 * Variant (fixed/joblist-signalfd.c): SIGCHLD stays blocked and is read from a descriptor, like any
 * other input of the main loop. There is no handler, so nothing can come between fork and add. One
 * read may stand for several children (pending signals do not queue), hence the loop in reap().
 */
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

enum { MAX_JOBS = 32 };

static sigset_t usual;       /* the mask that a job is to start with */
static pid_t jobs[MAX_JOBS]; /* 0: a free slot */
static int reaped;

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

static void reap(void) {
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        delete_job(pid);
        reaped++;
    }
}

static void start_job(void) {
    pid_t pid = must_errno(fork(), "fork");
    if (pid == 0) {
        must_errno(sigprocmask(SIG_SETMASK, &usual, NULL), "sigprocmask");
        _exit(0); /* a real shell would exec a program here, and even that would keep the mask */
    }
    add_job(pid);
}

static void wait_for_jobs(int fd, int count) {
    while (reaped < count) {
        struct signalfd_siginfo info;
        if (read(fd, &info, sizeof info) == -1)
            must(errno, "read");
        reap();
    }
}

int main(int argc, char **argv) {
    int count = size_arg(argc, argv, 1, 8, 1, MAX_JOBS);
    sigset_t chld;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    must_errno(sigprocmask(SIG_BLOCK, &chld, &usual), "sigprocmask");
    int fd = must_errno(signalfd(-1, &chld, SFD_CLOEXEC), "signalfd");
    for (int i = 0; i < count; i++)
        start_job();
    wait_for_jobs(fd, count);
    int stale = 0;
    for (int slot = 0; slot < MAX_JOBS; slot++)
        stale += jobs[slot] != 0;
    printf("%d jobs ended, %d still in the list\n", count, stale);
    return stale != 0;
}
