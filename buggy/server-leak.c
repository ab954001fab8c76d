/* SPDX-License-Identifier: MIT */
/*
 * server-leak: an echo server with a process per client.
 *
 * Bug (buggy/server-leak.c): fork gives the child a copy of the connection; the parent keeps its
 * own for ever. The client never sees the end, and a descriptor is gone per client until accept
 * fails. Nobody waits for the children either: each stays as a zombie.
 *
 *   client                 parent                 child
 *   ---------------------  ---------------------  ---------------------
 *   connect                connfd = accept()
 *                          fork                   echo
 *   send, shut down        accept: next client    close, exit (zombie)
 *   read: no end, for ever
 *
 * Fix (fixed/server-leak.c): the parent closes its copy and reaps what has ended at each SIGCHLD.
 * Class: CWE-775, missing release of file descriptor after effective lifetime.
 */
#include "../include/server.h"

int main(int argc, char **argv) {
    int listenfd = listen_on(argc, argv, BACKLOG);
    for (;;) {
        int connfd = must_errno(accept(listenfd, NULL, NULL), "accept"); /* HAZARD: never closed */
        if (must_errno(fork(), "fork") == 0) {                           /* HAZARD: never reaped */
            close(listenfd);
            echo(connfd);
            _exit(0);
        }
    }
}
