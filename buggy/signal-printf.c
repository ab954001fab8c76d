/* SPDX-License-Identifier: MIT */
/*
 * signal-printf: main prints its progress; a handler of SIGCHLD prints that a child has ended.
 *
 * Bug (buggy/signal-printf.c): the handler's printf waits for the lock on stdout that the printf it
 * interrupted holds. That one cannot go on before the handler returns, and the handler never does.
 * (glibc lets the owner lock again: what is deadly are the few instructions at either end of a
 * printf where the lock is taken and has no owner. So it hangs once in a blue moon.)
 *
 *   main                              handler of SIGCHLD
 *   --------------------------------  --------------------------------
 *   printf("line 3\n")
 *     takes the lock on stdout
 *                                     printf("a child has ended\n")
 *                                       waits for the lock: for ever
 *
 * Fix (fixed/signal-printf.c): the handler calls only what is async-signal-safe: a write of a line
 * that was formatted beforehand. It overtakes lines of main that are still in stdout's buffer.
 * Class: CWE-479, signal handler use of a non-reentrant function.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

static const char report[] = "a child has ended\n";

static void on_child(int signo) {
    (void)signo;
    int saved = errno;
    if (printf("%s", report) < 0) /* HAZARD: waits for the printf below it */
        _exit(2);
    errno = saved;
}

int main(int argc, char **argv) {
    int lines = size_arg(argc, argv, 1, 2000, 1, 1000000);
    struct sigaction action = {.sa_handler = on_child, .sa_flags = SA_RESTART};
    must_errno(sigaction(SIGCHLD, &action, NULL), "sigaction");
    if (must_errno(fork(), "fork") == 0)
        _exit(0);
    for (int i = 1; i <= lines; i++)
        printf("line %d\n", i); /* HAZARD: a signal in here may never be over */
    wait(NULL);
    printf("%d lines printed, none waits for itself\n", lines);
    return 0;
}
