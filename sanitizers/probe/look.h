/* SPDX-License-Identifier: MIT */
/* One look at a server: its processes and threads, and the sockets of its port. */
#ifndef HAZARD_PROBE_LOOK_H
#define HAZARD_PROBE_LOOK_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "run/proc.h"
#include "run/rest.h"
#include "run/tcp_table.h"

struct look {
    enum rest rest;  /* of the server as a whole */
    enum rest sleep; /* of its processes, whatever is under way to them */
    struct proc_tree tree;
    struct tcp_table sockets;
    in_port_t port;
    uint64_t print; /* of all that changes when anything happens: calls, processor time, queues */
};

/* Below `owner`. Port 0: it has no sockets yet. `origin_port`: of the server behind it; 0: none. */
struct look *look_take(void *owner, pid_t root, in_port_t port, in_port_t origin_port);

/*
 * Did nothing at all happen between the two? If so, and both were asleep, nothing ever will before
 * a client moves: this is the proof that a client is blocked.
 */
bool look_same(const struct look *a, const struct look *b);

/* The server's end of the connection of the client with that port; NULL if the server has none. */
const struct tcp_socket *look_server_end(const struct look *look, in_port_t server_port,
                                         in_port_t client_port);

/* The end of a connection that a process has open as that inode; NULL if there is none. */
const struct tcp_socket *look_socket(const struct look *look, unsigned long inode);

/* Connections that the kernel completed and that wait to be accepted. */
unsigned look_unaccepted(const struct look *look);

/* How many more may wait so, at least: what comes beyond is left to the kernel's time-outs. */
unsigned look_room(const struct look *look);

#endif
