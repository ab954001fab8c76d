/* SPDX-License-Identifier: MIT */
/*
 * pause-race: main sets a timer and sleeps until the handler of SIGALRM says that it has rung.
 *
 * Decoy (buggy/pause-race-unblock.c): SIGALRM is blocked around the test, so that it cannot come
 * between test and sleep; but main must unblock it before it sleeps, and those are two calls. An
 * alarm that rang meanwhile, or that rings between the two, is over when main is in pause().
 *
 *   main                              handler of SIGALRM
 *   --------------------------------  --------------------------------
 *   setitimer(...)
 *   while (!rung): not yet
 *   unblocks SIGALRM
 *                                     rung = 1
 *   pause(): for a signal that came already
 *
 * Class: CWE-364, signal handler race condition.
 */
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "../include/subject.h"

static volatile sig_atomic_t rung;

static void on_alarm(int signo) {
    (void)signo;
    rung = 1;
}

int main(int argc, char **argv) {
    int alarms = size_arg(argc, argv, 1, 2000, 1, 1000000);
    int microseconds = size_arg(argc, argv, 2, 5, 1, 999999);
    struct sigaction action = {.sa_handler = on_alarm};
    must_errno(sigaction(SIGALRM, &action, NULL), "sigaction");
    sigset_t alrm, usual;
    sigemptyset(&alrm);
    sigaddset(&alrm, SIGALRM);
    sigprocmask(SIG_BLOCK, &alrm, &usual);
    struct itimerval timer = {.it_value.tv_usec = microseconds};
    for (int i = 0; i < alarms; i++) {
        rung = 0;
        must_errno(setitimer(ITIMER_REAL, &timer, NULL), "setitimer");
        while (!rung) {
            sigprocmask(SIG_SETMASK, &usual, NULL); /* HAZARD: the alarm may ring here... */
            pause();                                /* HAZARD: ...and not in this sleep */
            sigprocmask(SIG_BLOCK, &alrm, NULL);
        }
    }
    printf("%d alarms set, none slept through\n", alarms);
    return 0;
}
