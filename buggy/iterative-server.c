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

int main(int argc, char **argv) {
    int listenfd = listen_on(argc, argv, BACKLOG);
    for (;;) {
        int connfd = must_errno(accept(listenfd, NULL, NULL), "accept");
        echo(connfd); /* HAZARD: nobody else is accepted until this client leaves */
        close(connfd);
    }
}
