/* SPDX-License-Identifier: MIT */
/*
 * handler-data: main moves tasks from `left` to `done`; a handler of SIGALRM adds the two up.
 *
 * Decoy (buggy/handler-data-volatile.c): both words are volatile, as one reads that data shared
 * with a handler must be. So both stores are made, in this order, and none is left in a register.
 * That makes them visible; it does not make them one.
 *
 *   main                              handler of SIGALRM
 *   --------------------------------  --------------------------------
 *   tasks.left--   (2 left, 0 done of 3)
 *                                     tasks.left + tasks.done = 2, not 3
 *   tasks.done++   (2 left, 1 done of 3)
 *
 * Class: CWE-364, signal handler race condition.
 */
#include <signal.h>
#include <sys/time.h>

#include "../include/subject.h"

static struct {
    volatile int left;
    volatile int done;
} tasks;
static int total; /* tasks.left + tasks.done, always */
static volatile sig_atomic_t torn;

static void on_alarm(int signo) {
    (void)signo;
    if (tasks.left + tasks.done != total) /* HAZARD: sees half a move */
        torn = 1;
}

int main(int argc, char **argv) {
    tasks.left = total = size_arg(argc, argv, 1, 200000, 1, 100000000);
    int period = size_arg(argc, argv, 2, 100, 1, 999999); /* of the alarm, in microseconds */
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGALRM, &action, NULL), "sigaction");
    struct itimerval timer = {.it_value.tv_usec = period, .it_interval.tv_usec = period};
    must_errno(setitimer(ITIMER_REAL, &timer, NULL), "setitimer");
    for (int i = 0; i < total; i++) {
        tasks.left--; /* HAZARD: the handler may run after this store... */
        tasks.done++; /* HAZARD: ...and before this one */
    }
    printf("%d tasks done, the handler saw %s\n", tasks.done, torn ? "half a move" : "whole moves");
    return torn;
}
