/* SPDX-License-Identifier: MIT */
/*
 * pause-race: main sets a timer and sleeps until the handler of SIGALRM says that it has rung.
 *
 * Variant (fixed/pause-race-ppoll.c): ppoll unblocks and sleeps in one step too, as sigsuspend
 * does, and can wait for descriptors and a time-out besides: this is what a server's main loop is
 * made of. Here it waits for the signal alone.
 */
#define _GNU_SOURCE /* ppoll */
#include <poll.h>
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
        while (!rung)
            if (ppoll(NULL, 0, NULL, &usual) == -1 && errno != EINTR)
                must(errno, "ppoll");
    }
    printf("%d alarms set, none slept through\n", alarms);
    return 0;
}
