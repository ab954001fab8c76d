/* SPDX-License-Identifier: MIT */
/*
 * A line of /proc/net/tcp (proc(5); the kernel's get_tcp4_sock in net/ipv4/tcp_ipv4.c):
 *
 *   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
 *    0: 0100007F:B7D1 00000000:0000 0A 00000000:00000001 00:00000000 00000000     0        0 48061
 *
 * Addresses are 32-bit words as the machine has them in memory, each printed as a number: reading
 * each back into a word gives network byte order again, on either kind of machine. Ports are plain
 * numbers. A connection that the kernel completed and the server has not accepted has inode 0.
 */
#include "run/tcp_table_parse.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "run/proc_text.h"

/* "0100007F" or 32 such digits. */
static bool parse_address(const char *digits, int family, struct in6_addr *address) {
    uint32_t words[4] = {0, 0, htonl(0xffff), 0};
    int fields = family == AF_INET
                     ? sscanf(digits, "%8x", &words[3])
                     : sscanf(digits, "%8x%8x%8x%8x", &words[0], &words[1], &words[2], &words[3]);
    memcpy(address, words, sizeof *address);
    return fields == (family == AF_INET ? 1 : 4);
}

static bool parse_line(const char *line, int family, struct tcp_socket *socket) {
    char local[33], remote[33];
    unsigned local_port = 0, remote_port = 0, state = 0;
    *socket = (struct tcp_socket){.family = family};
    int fields =
        sscanf(line, " %*u: %32[0-9A-F]:%x %32[0-9A-F]:%x %x %x:%x %*x:%*x %*x %*u %*u %lu", local,
               &local_port, remote, &remote_port, &state, &socket->unsent, &socket->unread,
               &socket->inode);
    socket->local_port = (in_port_t)local_port;
    socket->remote_port = (in_port_t)remote_port;
    socket->state = (int)state;
    return fields == 8 && parse_address(local, family, &socket->local) &&
           parse_address(remote, family, &socket->remote);
}

/* A kernel without IPv6 has no tcp6. */
static void read_family(void *owner, int family, in_port_t port, struct tcp_table *table) {
    char *text = proc_text(NULL, "%s", family == AF_INET ? "/proc/net/tcp" : "/proc/net/tcp6");
    for (char *rest = text, *line; (line = strsep(&rest, "\n")) != NULL;) {
        struct tcp_socket one;
        if (parse_line(line, family, &one))
            tcp_table_add(owner, port, table, one);
    }
    talloc_free(text);
}

void tcp_table_parse(void *owner, in_port_t port, struct tcp_table *table) {
    read_family(owner, AF_INET, port, table);
    read_family(owner, AF_INET6, port, table);
}
