/* SPDX-License-Identifier: MIT */
/*
 * signal-printf: main prints its progress; a handler of SIGCHLD prints that a child has ended.
 *
 * Decoy (buggy/signal-printf-fflush.c): main flushes after every line, so that the handler finds
 * an empty buffer. But what it waits for is the lock, and fflush takes that once more. The flush
 * even adds a loss: a signal during its write finds the buffer half emptied, and what the handler
 * puts there is forgotten.
 *
 *   main                              handler of SIGCHLD
 *   --------------------------------  --------------------------------
 *   fflush(stdout)
 *     takes the lock on stdout
 *                                     printf("a child has ended\n")
 *                                       waits for the lock: for ever
 *
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
    for (int i = 1; i <= lines; i++) {
        printf("line %d\n", i); /* HAZARD: a signal in here may never be over */
        fflush(stdout);         /* HAZARD: nor one in here */
    }
    wait(NULL);
    printf("%d lines printed, none waits for itself\n", lines);
    return 0;
}
