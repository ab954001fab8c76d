/* SPDX-License-Identifier: MIT */
/*
 * eintr: main waits in a read for the answer of a child, which first sends a signal of progress.
 *
 * Variant (fixed/eintr-signalfd.c): no handler, so nothing is ever interrupted. SIGUSR1 stays
 * blocked and is read from a descriptor; poll waits for that and for the answer at once.
 */
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

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

/* Returns when the answer can be read. */
static void watch(int signals, int answer) {
    struct pollfd input[] = {{.fd = signals, .events = POLLIN}, {.fd = answer, .events = POLLIN}};
    while (input[1].revents == 0) {
        struct signalfd_siginfo info;
        must_errno(poll(input, 2, -1), "poll");
        if (input[0].revents != 0)
            must_errno((int)read(signals, &info, sizeof info), "read"); /* progress */
    }
}

int main(int argc, char **argv) {
    int microseconds = size_arg(argc, argv, 1, 2000, 0, 999999);
    int answer[2];
    char text[3] = "";
    must_errno(pipe(answer), "pipe");
    sigset_t usr1;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, NULL);
    int signals = must_errno(signalfd(-1, &usr1, SFD_CLOEXEC), "signalfd");
    pid_t client = getpid();
    if (must_errno(fork(), "fork") == 0) {
        compute(microseconds, client, answer[1]);
        _exit(0);
    }
    watch(signals, answer[0]);
    if (read(answer[0], text, sizeof text - 1) == -1) {
        printf("no answer: %s\n", strerror(errno));
        return 1;
    }
    wait(NULL);
    printf("the answer is %s\n", text);
    return 0;
}
