/* SPDX-License-Identifier: MIT */
/*
 * signal-coalesce: a handler of SIGCHLD reaps the children that end while main is busy.
 *
 * Decoy (buggy/signal-coalesce-count.c): the handler only counts, and main reaps as often as it was
 * called. But what it counts is signals, and pending signals do not queue: of all the children that
 * end while SIGCHLD is blocked (or its handler runs), one signal is left to be counted.
 *
 *   main                   handler of SIGCHLD     children
 *   ---------------------  ---------------------  ---------------------
 *   blocks SIGCHLD
 *                                                 1 ends: SIGCHLD is pending
 *                                                 2 ends: it is pending already
 *   unblocks SIGCHLD
 *                          ended = 1
 *   reaps 1                                       2 stays a zombie
 *
 * Class: CWE-772, missing release of a resource after its effective lifetime.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

enum { MAX_CHILDREN = 100 };

static volatile sig_atomic_t ended;

static void on_child(int signo) {
    (void)signo;
    ended++; /* HAZARD: one signal may stand for many children */
}

static void start(pid_t *pid, int children) {
    for (int i = 0; i < children; i++) {
        pid[i] = must_errno(fork(), "fork");
        if (pid[i] == 0)
            _exit(0);
    }
}

/* Returns when the first `count` have ended. It reaps none: that comes later. */
static void await(const pid_t *pid, int count) {
    for (int i = 0; i < count; i++) {
        siginfo_t info;
        waitid(P_PID, (id_t)pid[i], &info, WEXITED | WNOWAIT);
    }
}

static int reap(void) {
    int reaped = 0;
    while (reaped < ended && waitpid(-1, NULL, WNOHANG) > 0) /* HAZARD: more may have ended */
        reaped++;
    return reaped;
}

int main(int argc, char **argv) {
    int children = size_arg(argc, argv, 1, 3, 1, MAX_CHILDREN);
    int early = size_arg(argc, argv, 2, children, 0, children); /* end while main is busy */
    pid_t pid[MAX_CHILDREN];
    struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGCHLD, &action, NULL), "sigaction");
    sigset_t chld, usual;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    sigprocmask(SIG_BLOCK, &chld, &usual);
    start(pid, children);
    await(pid, early);
    sigprocmask(SIG_SETMASK, &usual, NULL); /* HAZARD: one signal for all that have ended */
    await(pid, children);
    int reaped = reap(), zombies = 0;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        zombies++;
    printf("%d children ended: %d reaped, %d left as zombies\n", children, reaped, zombies);
    return zombies != 0;
}
