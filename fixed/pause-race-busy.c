/* SPDX-License-Identifier: MIT */
/*
 * pause-race: main sets a timer and sleeps until the handler of SIGALRM says that it has rung.
 *
 * Variant (fixed/pause-race-busy.c): main does not sleep, it looks again and again. That is right:
 * whenever the alarm rings, the next look sees it. But it is no good design: main burns a core, and
 * the battery, until then. Where waits are long, sleep with sigsuspend.
 */
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "../include/subject.h"

static volatile sig_atomic_t rung; /* volatile: else the compiler looks once, and loops for ever */

static void on_alarm(int signo) {
    (void)signo;
    rung = 1;
}

int main(int argc, char **argv) {
    int alarms = size_arg(argc, argv, 1, 2000, 1, 1000000);
    int microseconds = size_arg(argc, argv, 2, 5, 1, 999999);
    struct sigaction action = {.sa_handler = on_alarm};
    must_errno(sigaction(SIGALRM, &action, NULL), "sigaction");
    struct itimerval timer = {.it_value.tv_usec = microseconds};
    for (int i = 0; i < alarms; i++) {
        rung = 0;
        must_errno(setitimer(ITIMER_REAL, &timer, NULL), "setitimer");
        while (!rung)
            continue;
    }
    printf("%d alarms set, none slept through\n", alarms);
    return 0;
}
