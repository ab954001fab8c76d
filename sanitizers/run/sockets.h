/* SPDX-License-Identifier: MIT */
/*
 * What the kernel says of TCP sockets, and which process has which socket open.
 */
#ifndef HAZARD_SOCKETS_H
#define HAZARD_SOCKETS_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* One end of a connection, or a listening socket. An IPv4 address stands as IPv4-mapped IPv6. */
struct tcp_socket {
    int family; /* of the socket: AF_INET or AF_INET6 */
    struct in6_addr local, remote;
    in_port_t local_port, remote_port; /* host byte order */
    int state;                         /* TCP_ESTABLISHED, TCP_LISTEN... of netinet/tcp.h */
    unsigned unread; /* bytes received and not read; of a listener: connections to be accepted */
    unsigned unsent; /* bytes written that the other end has not acknowledged */
    unsigned long inode; /* 0: no process has it open (yet, or any more) */
};

struct tcp_table {
    struct tcp_socket *items;
    size_t count;
};

/*
 * The sockets that have `port` on either end, or all for port 0. Those in TIME_WAIT are left out:
 * nobody waits for them. Below `owner`.
 */
struct tcp_table tcp_table_read(void *owner, in_port_t port);

/* Its two sources. The first is quick, and is not there in every container: then it returns -1. */
int tcp_table_ask(void *owner, in_port_t port, struct tcp_table *table);
void tcp_table_parse(void *owner, in_port_t port, struct tcp_table *table);

/* Appends one that has the port, unless it is in TIME_WAIT. For the two above. */
void tcp_table_add(void *owner, in_port_t port, struct tcp_table *table, struct tcp_socket one);

/* The inode of the socket behind a descriptor of a process; 0 if it is no socket or cannot be read.
 */
unsigned long descriptor_socket(pid_t pid, int fd);

/* The lowest descriptor of the process that is this socket; -1 if it has none. */
int socket_descriptor(pid_t pid, unsigned long inode);

#endif
