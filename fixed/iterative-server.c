/* SPDX-License-Identifier: MIT */
/*
 * iterative-server: an echo server that has its clients one after the other.
 *
 * Bug (buggy/iterative-server.c): the server is in a read of client 1, which went to lunch without
 * a word. Client 2 notices late: the kernel completes its connection and buffers its line.
 *
 *   client 1        server               client 2
 *   --------------  -------------------  -----------------------------------
 *   connect
 *   (out to lunch)  accept: client 1
 *                   echo: read client 1
 *                   |                    connect: returns (the kernel queued it)
 *                   |                    write: returns (the kernel buffered it)
 *                   |                    read: blocks until client 1 leaves
 *
 * Fix (fixed/iterative-server.c): a process per client; the server itself only accepts. It closes
 * its copy of the connection, and reaps the children as they end.
 * Class: CWE-410, insufficient resource pool (a pool of one).
 */
#include "../include/server.h"

#include <sys/wait.h>

/* One SIGCHLD may stand for many children: reap all that have ended. */
static void reap(int sig) {
    (void)sig;
    int saved = errno; /* it belongs to whatever was interrupted */
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    errno = saved;
}

int main(int argc, char **argv) {
    int listenfd = listen_on(argc, argv, BACKLOG);
    struct sigaction action = {.sa_handler = reap, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    must_errno(sigaction(SIGCHLD, &action, NULL), "sigaction");
    for (;;) {
        int connfd = must_errno(accept(listenfd, NULL, NULL), "accept");
        if (must_errno(fork(), "fork") == 0) {
            close(listenfd);
            echo(connfd);
            _exit(0);
        }
        close(connfd);
    }
}
