/* SPDX-License-Identifier: MIT */
/* Where a server can be reached. */
#ifndef HAZARD_RUN_SERVER_ADDRESS_H
#define HAZARD_RUN_SERVER_ADDRESS_H

#include <sys/socket.h>
#include <sys/types.h>

struct server_address {
    struct sockaddr_storage address;
    socklen_t length;
};

/*
 * The address on which the process tree of `root` listens, as the kernel knows it (sockets of
 * /proc/PID/fd looked up in /proc/net/tcp and tcp6). A wildcard address is answered as the loopback
 * address of its family. 1 when found, 0 when it does not listen yet.
 */
int server_listening(pid_t root, struct server_address *address);

#endif
