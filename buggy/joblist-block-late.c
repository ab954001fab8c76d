/* SPDX-License-Identifier: MIT */
/*
 * joblist: a shell forks jobs and adds each to its job list; the handler of SIGCHLD deletes it.
 *
 * Decoy (buggy/joblist-block-late.c): SIGCHLD is blocked around the add. So the handler no longer
 * interrupts the add, which was never the trouble: it still runs before it, between fork and block.
 *
 *   main                   handler of SIGCHLD     job
 *   ---------------------  ---------------------  ---------------------
 *   pid = fork()
 *                                                 _exit(0)
 *                          pid = waitpid(...)
 *                          delete_job(pid): there is no such job
 *   block SIGCHLD
 *   add_job(pid): a job that nobody will ever delete
 *   unblock SIGCHLD
 *
 * Class: CWE-364, signal handler race condition.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

enum { MAX_JOBS = 32 };

static sigset_t chld;        /* SIGCHLD alone */
static pid_t jobs[MAX_JOBS]; /* 0: a free slot */
static volatile sig_atomic_t reaped;

static void add_job(pid_t pid) {
    int slot = 0;
    while (jobs[slot] != 0)
        slot++;
    jobs[slot] = pid; /* HAZARD: added after it was deleted */
}

static void delete_job(pid_t pid) {
    for (int slot = 0; slot < MAX_JOBS; slot++)
        if (jobs[slot] == pid)
            jobs[slot] = 0;
}

static void on_child(int signo) {
    (void)signo;
    int saved = errno;
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
        delete_job(pid);
        reaped++;
    }
    errno = saved;
}

static void start_job(void) {
    pid_t pid = must_errno(fork(), "fork"); /* HAZARD: from here on the job may end */
    if (pid == 0) {
        _exit(0); /* a real shell would exec a program here, and even that would keep the mask */
    }
    sigset_t usual;
    must_errno(sigprocmask(SIG_BLOCK, &chld, &usual), "sigprocmask");
    add_job(pid); /* HAZARD: the handler may have looked for it in vain */
    must_errno(sigprocmask(SIG_SETMASK, &usual, NULL), "sigprocmask");
}

/* SIGCHLD stays blocked afterwards: main has the list to itself. */
static void wait_for_jobs(int count) {
    sigset_t usual;
    must_errno(sigprocmask(SIG_BLOCK, &chld, &usual), "sigprocmask");
    while (reaped < count)
        sigsuspend(&usual);
}

int main(int argc, char **argv) {
    int count = size_arg(argc, argv, 1, 8, 1, MAX_JOBS);
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGCHLD, &action, NULL), "sigaction");
    for (int i = 0; i < count; i++)
        start_job();
    wait_for_jobs(count);
    int stale = 0;
    for (int slot = 0; slot < MAX_JOBS; slot++)
        stale += jobs[slot] != 0;
    printf("%d jobs ended, %d still in the list\n", count, stale);
    return stale != 0;
}
