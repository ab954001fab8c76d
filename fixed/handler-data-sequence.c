/* SPDX-License-Identifier: MIT */
/*
 * handler-data: main moves tasks from `left` to `done`; a handler of SIGALRM adds the two up.
 *
 * Variant (fixed/handler-data-sequence.c): a number of one word goes up before a move and after it,
 * so that it is odd while one is being made. A handler that finds it odd leaves the sum to the next
 * alarm. (It cannot wait: main goes on only when it has returned.) It costs no system call, as
 * blocking the signal does; the price is a look that is missed now and then.
 *
 * The fences keep the compiler from moving the plain stores out from between the two steps. The
 * processor needs none: the handler runs on the thread that made the stores.
 */
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

#include "../include/subject.h"

static struct {
    int left;
    int done;
} tasks;
static int total;                      /* tasks.left + tasks.done, always */
static volatile sig_atomic_t sequence; /* odd: a move is being made */
static volatile sig_atomic_t torn;

static void on_alarm(int signo) {
    (void)signo;
    if (sequence % 2 == 0 && tasks.left + tasks.done != total)
        torn = 1;
}

static void move_one(void) {
    sequence++;
    atomic_signal_fence(memory_order_seq_cst);
    tasks.left--;
    tasks.done++;
    atomic_signal_fence(memory_order_seq_cst);
    sequence++;
}

int main(int argc, char **argv) {
    tasks.left = total = size_arg(argc, argv, 1, 200000, 1, 100000000);
    int period = size_arg(argc, argv, 2, 100, 1, 999999); /* of the alarm, in microseconds */
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGALRM, &action, NULL), "sigaction");
    struct itimerval timer = {.it_value.tv_usec = period, .it_interval.tv_usec = period};
    must_errno(setitimer(ITIMER_REAL, &timer, NULL), "setitimer");
    for (int i = 0; i < total; i++)
        move_one();
    printf("%d tasks done, the handler saw %s\n", tasks.done, torn ? "half a move" : "whole moves");
    return torn;
}
