/* SPDX-License-Identifier: MIT */
/*
 * eintr: main waits in a read for the answer of a child, which first sends a signal of progress.
 *
 * Bug (buggy/eintr.c): a read that a handler interrupts fails with EINTR. Nothing is wrong with the
 * pipe, and the answer is still to come; but main takes it for an error and gives up.
 *
 *   main                   handler of SIGUSR1     child
 *   ---------------------  ---------------------  ---------------------
 *   read(...): blocks
 *                                                 kill(main, SIGUSR1)
 *                          progress = 1
 *   read(...) = -1 (EINTR): gives up
 *                                                 write(...): the answer
 *
 * Fix (fixed/eintr.c): main reads again as long as the reason is EINTR.
 * Class: CWE-755, improper handling of exceptional conditions.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

static volatile sig_atomic_t progress;

static void on_progress(int signo) {
    (void)signo;
    progress = 1;
}

/* A sleep stands for it; it orders nothing. */
static void work(int microseconds) {
    if (microseconds > 0)
        usleep((useconds_t)microseconds);
}

static void compute(int microseconds, pid_t client, int answer) {
    work(microseconds);
    kill(client, SIGUSR1);
    work(microseconds);
    if (write(answer, "42", 2) != 2)
        _exit(2);
}

int main(int argc, char **argv) {
    int microseconds = size_arg(argc, argv, 1, 2000, 0, 999999);
    int answer[2];
    char text[3] = "";
    ssize_t length;
    must_errno(pipe(answer), "pipe");
    struct sigaction action = {.sa_handler = on_progress};
    must_errno(sigaction(SIGUSR1, &action, NULL), "sigaction");
    pid_t client = getpid();
    if (must_errno(fork(), "fork") == 0) {
        compute(microseconds, client, answer[1]);
        _exit(0);
    }
    length = read(answer[0], text, sizeof text - 1); /* HAZARD: a handler may interrupt it */
    if (length == -1) {
        printf("no answer: %s\n", strerror(errno));
        return 1;
    }
    wait(NULL);
    printf("the answer is %s\n", text);
    return 0;
}
