/* SPDX-License-Identifier: MIT */
/*
 * A handful of well-behaved echo clients: what a server is driven with while a detector watches it.
 */
#ifndef HAZARD_CLIENTS_H
#define HAZARD_CLIENTS_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/fail.h"

/* Where a process of this tree (session) listens. */
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

/*
 * `sequential` clients one after the other, then `concurrent` ones at once; each connects, has
 * three lines echoed, and closes. Returns how many were served in full; gives up on one after
 * `seconds`.
 */
int clients_run(const struct server_address *address, int sequential, int concurrent,
                double seconds);

#endif
