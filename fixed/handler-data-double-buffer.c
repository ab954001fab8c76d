/* SPDX-License-Identifier: MIT */
/*
 * handler-data: main moves tasks from `left` to `done`; a handler of SIGALRM adds the two up.
 *
 * Variant (fixed/handler-data-double-buffer.c): there are two records, and an atomic index says
 * which is the valid one. Main writes the other one, at leisure, and then moves the index: one
 * store, so that the handler finds the record of before the move or that of after it, whole, at
 * every alarm.
 *
 * It works because the handler runs to its end before main goes on. A second thread could still be
 * reading the old record when main, two moves later, writes it again.
 */
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

#include "../include/subject.h"

struct tasks {
    int left;
    int done;
};

static struct tasks records[2];
static atomic_int valid; /* of the two; lock-free, as what a handler may touch must be */
static int total;        /* left + done, always */
static volatile sig_atomic_t torn;

static void on_alarm(int signo) {
    (void)signo;
    const struct tasks *tasks = &records[atomic_load(&valid)];
    if (tasks->left + tasks->done != total)
        torn = 1;
}

static void move_one(void) {
    int old = atomic_load(&valid), new = 1 - old;
    records[new].left = records[old].left - 1;
    records[new].done = records[old].done + 1;
    atomic_store(&valid, new);
}

int main(int argc, char **argv) {
    records[0].left = total = size_arg(argc, argv, 1, 200000, 1, 100000000);
    int period = size_arg(argc, argv, 2, 100, 1, 999999); /* of the alarm, in microseconds */
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGALRM, &action, NULL), "sigaction");
    struct itimerval timer = {.it_value.tv_usec = period, .it_interval.tv_usec = period};
    must_errno(setitimer(ITIMER_REAL, &timer, NULL), "setitimer");
    for (int i = 0; i < total; i++)
        move_one();
    printf("%d tasks done, the handler saw %s\n", records[valid].done,
           torn ? "half a move" : "whole moves");
    return torn;
}
