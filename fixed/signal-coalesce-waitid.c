/* SPDX-License-Identifier: MIT */
/*
 * signal-coalesce: a handler of SIGCHLD reaps the children that end while main is busy.
 *
 * Variant (fixed/signal-coalesce-waitid.c): no handler. Main calls waitid until no child is left:
 * what it asks for is children, which the kernel does count, and not signals, which it does not.
 * The price: a child that ends while main is busy stays a zombie until main is there again.
 */
#include <sys/wait.h>
#include <unistd.h>

#include "../include/subject.h"

enum { MAX_CHILDREN = 100 };

static void start(int children) {
    for (int i = 0; i < children; i++)
        if (must_errno(fork(), "fork") == 0)
            _exit(0);
}

/* Sleeps as long as a child is still running. */
static int reap(void) {
    int reaped = 0;
    siginfo_t info;
    while (waitid(P_ALL, 0, &info, WEXITED) == 0)
        reaped++;
    return reaped;
}

int main(int argc, char **argv) {
    int children = size_arg(argc, argv, 1, 3, 1, MAX_CHILDREN);
    start(children);
    int reaped = reap(), zombies = children - reaped;
    printf("%d children ended: %d reaped, %d left as zombies\n", children, reaped, zombies);
    return zombies != 0;
}
