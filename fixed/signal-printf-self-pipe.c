/* SPDX-License-Identifier: MIT */
/*
 * signal-printf: main prints its progress; a handler of SIGCHLD prints that a child has ended.
 *
 * Variant (fixed/signal-printf-self-pipe.c): the handler writes a byte to a pipe, and main prints
 * when it finds one there. Unlike a flag, a pipe counts, and poll can wait for it and other input.
 * It does not block: a handler that waits until main has read would wait for ever.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

static int news[2]; /* the handler writes, main reads */

static void on_child(int signo) {
    (void)signo;
    int saved = errno;
    if (write(news[1], "", 1) == -1 && errno != EAGAIN)
        _exit(2);
    errno = saved;
}

static void report(void) {
    char byte;
    while (read(news[0], &byte, 1) == 1)
        printf("a child has ended\n");
}

int main(int argc, char **argv) {
    int lines = size_arg(argc, argv, 1, 2000, 1, 1000000);
    must_errno(pipe(news), "pipe");
    must_errno(fcntl(news[0], F_SETFL, O_NONBLOCK), "fcntl");
    must_errno(fcntl(news[1], F_SETFL, O_NONBLOCK), "fcntl");
    struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGCHLD, &action, NULL), "sigaction");
    if (must_errno(fork(), "fork") == 0)
        _exit(0);
    for (int i = 1; i <= lines; i++) {
        printf("line %d\n", i);
        report();
    }
    wait(NULL);
    report();
    printf("%d lines printed, none waits for itself\n", lines);
    return 0;
}
