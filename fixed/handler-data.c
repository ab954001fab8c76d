/* SPDX-License-Identifier: MIT */
/*
 * handler-data: main moves tasks from `left` to `done`; a handler of SIGALRM adds the two up.
 *
 * Bug (buggy/handler-data.c): a move is two stores. A handler that runs between them misses a
 * task, which is neither left nor done.
 *
 *   main                              handler of SIGALRM
 *   --------------------------------  --------------------------------
 *   tasks.left--   (2 left, 0 done of 3)
 *                                     tasks.left + tasks.done = 2, not 3
 *   tasks.done++   (2 left, 1 done of 3)
 *
 * Fix (fixed/handler-data.c): SIGALRM is blocked around the two stores.
 * Class: CWE-364, signal handler race condition.
 */
#include <signal.h>
#include <sys/time.h>

#include "../include/subject.h"

static struct {
    int left;
    int done;
} tasks;
static int total; /* tasks.left + tasks.done, always */
static volatile sig_atomic_t torn;

static void on_alarm(int signo) {
    (void)signo;
    if (tasks.left + tasks.done != total)
        torn = 1;
}

int main(int argc, char **argv) {
    tasks.left = total = size_arg(argc, argv, 1, 200000, 1, 100000000);
    int period = size_arg(argc, argv, 2, 100, 1, 999999); /* of the alarm, in microseconds */
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGALRM, &action, NULL), "sigaction");
    struct itimerval timer = {.it_value.tv_usec = period, .it_interval.tv_usec = period};
    must_errno(setitimer(ITIMER_REAL, &timer, NULL), "setitimer");
    sigset_t alrm, usual;
    sigemptyset(&alrm);
    sigaddset(&alrm, SIGALRM);
    for (int i = 0; i < total; i++) {
        sigprocmask(SIG_BLOCK, &alrm, &usual);
        tasks.left--;
        tasks.done++;
        sigprocmask(SIG_SETMASK, &usual, NULL);
    }
    printf("%d tasks done, the handler saw %s\n", tasks.done, torn ? "half a move" : "whole moves");
    return torn;
}
