/* SPDX-License-Identifier: MIT */
/* What the kernel says of TCP sockets. */
#ifndef HAZARD_RUN_TCP_TABLE_H
#define HAZARD_RUN_TCP_TABLE_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>

/* One end of a connection, or a listening socket. An IPv4 address stands as IPv4-mapped IPv6. */
struct tcp_socket {
    int family; /* of the socket: AF_INET or AF_INET6 */
    struct in6_addr local, remote;
    in_port_t local_port, remote_port; /* host byte order */
    int state;                         /* TCP_ESTABLISHED, TCP_LISTEN... of netinet/tcp.h */
    unsigned unread;  /* bytes received and not read; of a listener: connections to be accepted */
    unsigned unsent;  /* bytes written that the other end has not acknowledged */
    unsigned backlog; /* of a listener: how many may wait to be accepted; 0: none, or not known */
    unsigned long inode; /* 0: no process has it open (yet, or any more) */
};

struct tcp_table {
    struct tcp_socket *items;
    size_t count;
};

/*
 * Appends the socket if it has `port` on either end, or for port 0. One in TIME_WAIT is left out:
 * no process waits for it. Below `owner`.
 */
void tcp_table_add(void *owner, in_port_t port, struct tcp_table *table, struct tcp_socket one);

#endif
