/* SPDX-License-Identifier: MIT */
#include "inject/process/watch.h"

#include <stddef.h>
#include <sys/prctl.h>
#include <time.h>

#define TICK_MICROSECONDS 10000
#define PAUSE_NANOSECONDS 50000

static void tick(int number) {
    (void)number;
}

void watch_start(struct watch *watch) {
    struct sigaction action = {.sa_handler = tick}; /* no SA_RESTART: waitpid is to return */
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, &watch->action);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, &watch->mask);
    watch->slack = prctl(PR_GET_TIMERSLACK);
    prctl(PR_SET_TIMERSLACK, 1000UL);
    struct itimerval timer = {.it_interval.tv_usec = TICK_MICROSECONDS,
                              .it_value.tv_usec = TICK_MICROSECONDS};
    setitimer(ITIMER_REAL, &timer, &watch->timer);
}

void watch_stop(const struct watch *watch) {
    setitimer(ITIMER_REAL, &watch->timer, NULL);
    sigaction(SIGALRM, &watch->action, NULL);
    prctl(PR_SET_TIMERSLACK, (unsigned long)watch->slack);
    sigprocmask(SIG_SETMASK, &watch->mask, NULL);
}

void watch_pause(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    struct timespec moment = {.tv_nsec = PAUSE_NANOSECONDS};
    sigtimedwait(&set, NULL, &moment);
}
