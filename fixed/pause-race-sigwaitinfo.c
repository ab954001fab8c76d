/* SPDX-License-Identifier: MIT */
/*
 * pause-race: main sets a timer and sleeps until the handler of SIGALRM says that it has rung.
 *
 * Variant (fixed/pause-race-sigwaitinfo.c): no handler and no flag. SIGALRM stays blocked, and main
 * takes it out of the pending signals: if it has come already, it is there to be taken, and if not,
 * sigwaitinfo sleeps until it does.
 */
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "../include/subject.h"

/* Another signal, one with a handler, ends sigwaitinfo too: with EINTR. */
static void wait_for(const sigset_t *signals) {
    while (sigwaitinfo(signals, NULL) == -1)
        if (errno != EINTR)
            must(errno, "sigwaitinfo");
}

int main(int argc, char **argv) {
    int alarms = size_arg(argc, argv, 1, 2000, 1, 1000000);
    int microseconds = size_arg(argc, argv, 2, 5, 1, 999999);
    sigset_t alrm;
    sigemptyset(&alrm);
    sigaddset(&alrm, SIGALRM);
    sigprocmask(SIG_BLOCK, &alrm, NULL);
    struct itimerval timer = {.it_value.tv_usec = microseconds};
    for (int i = 0; i < alarms; i++) {
        must_errno(setitimer(ITIMER_REAL, &timer, NULL), "setitimer");
        wait_for(&alrm);
    }
    printf("%d alarms set, none slept through\n", alarms);
    return 0;
}
