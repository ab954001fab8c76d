/* SPDX-License-Identifier: MIT */
/*
 * iterative-server-backlog: the iterative echo server with a bigger listen backlog.
 *
 * Decoy: the backlog is the queue in front of the counter, not a second clerk. A longer one lets
 * more clients connect and write, so the server looks up for longer; each of them still blocks in
 * its first read.
 *
 *   client 1               server                 clients 2 to 4096
 *   ---------------------  ---------------------  -------------------------------------
 *   connect
 *   (out to lunch)         accept: client 1
 *                          echo: read client 1
 *                          |                      connect: returns (there is room now)
 *                          |                      write: returns
 *                          |                      read: blocks until client 1 leaves
 *
 * Class: CWE-410, insufficient resource pool (a pool of one).
 */
#include "../include/server.h"

int main(int argc, char **argv) {
    int listenfd = listen_on(argc, argv, 4096);
    for (;;) {
        int connfd = must_errno(accept(listenfd, NULL, NULL), "accept");
        echo(connfd); /* HAZARD: nobody else is accepted until this client leaves */
        close(connfd);
    }
}
