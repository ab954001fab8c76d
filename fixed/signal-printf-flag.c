/* SPDX-License-Identifier: MIT */
/*
 * signal-printf: main prints its progress; a handler of SIGCHLD prints that a child has ended.
 *
 * Variant (fixed/signal-printf-flag.c): the handler only sets a flag, and main prints where that is
 * safe: between two lines of its own. Children that end close together are one report.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

static volatile sig_atomic_t child_ended;

static void on_child(int signo) {
    (void)signo;
    child_ended = 1;
}

static void report(void) {
    if (child_ended) {
        child_ended = 0; /* before the print: a child that ends meanwhile is reported next time */
        printf("a child has ended\n");
    }
}

int main(int argc, char **argv) {
    int lines = size_arg(argc, argv, 1, 2000, 1, 1000000);
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
