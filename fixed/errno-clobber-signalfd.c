/* SPDX-License-Identifier: MIT */
/*
 * errno-clobber: main polls a pipe between two steps of its work; a handler of SIGCHLD reaps.
 *
 * Variant (fixed/errno-clobber-signalfd.c): no handler. SIGCHLD stays blocked, and main reads it
 * from a descriptor between two steps, then reaps. Nothing comes between a call and the test of its
 * errno, and what may be called after that is no longer restricted to a short list.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

/* One read may stand for several children: pending signals do not queue. */
static void reap(int signals) {
    struct signalfd_siginfo info;
    if (read(signals, &info, sizeof info) != sizeof info)
        return;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
}

int main(int argc, char **argv) {
    int steps = size_arg(argc, argv, 1, 10000, 1, 1000000);
    int orders[2]; /* nobody sends one here, so every read fails with EAGAIN */
    must_errno(pipe(orders), "pipe");
    must_errno(fcntl(orders[0], F_SETFL, O_NONBLOCK), "fcntl");
    sigset_t chld;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    must_errno(sigprocmask(SIG_BLOCK, &chld, NULL), "sigprocmask");
    int signals = must_errno(signalfd(-1, &chld, SFD_NONBLOCK), "signalfd");
    if (must_errno(fork(), "fork") == 0)
        _exit(0);
    for (int i = 0; i < steps; i++) {
        char order;
        if (read(orders[0], &order, 1) == -1 && errno != EAGAIN) {
            printf("read failed: %s\n", strerror(errno));
            return 1;
        }
        reap(signals);
    }
    wait(NULL);
    printf("%d steps, no order came\n", steps);
    return 0;
}
