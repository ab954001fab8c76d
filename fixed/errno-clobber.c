/* SPDX-License-Identifier: MIT */
/*
 * errno-clobber: main polls a pipe between two steps of its work; a handler of SIGCHLD reaps.
 *
 * Bug (buggy/errno-clobber.c): the handler's last waitpid fails, as it must, and sets errno. If
 * that falls between main's read and its test of errno, main tests the error of another call.
 *
 *   main                              handler of SIGCHLD
 *   --------------------------------  --------------------------------
 *   read(...) = -1, errno = EAGAIN
 *                                     waitpid(...) = -1, errno = ECHILD
 *   errno is not EAGAIN: "read failed: No child processes"
 *
 * Fix (fixed/errno-clobber.c): the handler saves errno first and restores it last.
 * Class: CWE-364, signal handler race condition: main and the handler share errno.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

static void on_child(int signo) {
    (void)signo;
    int saved = errno;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    errno = saved;
}

int main(int argc, char **argv) {
    int steps = size_arg(argc, argv, 1, 10000, 1, 1000000);
    int orders[2]; /* nobody sends one here, so every read fails with EAGAIN */
    must_errno(pipe(orders), "pipe");
    must_errno(fcntl(orders[0], F_SETFL, O_NONBLOCK), "fcntl");
    struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGCHLD, &action, NULL), "sigaction");
    if (must_errno(fork(), "fork") == 0)
        _exit(0);
    for (int i = 0; i < steps; i++) {
        char order;
        if (read(orders[0], &order, 1) == -1 && errno != EAGAIN) {
            printf("read failed: %s\n", strerror(errno));
            return 1;
        }
    }
    wait(NULL);
    printf("%d steps, no order came\n", steps);
    return 0;
}
