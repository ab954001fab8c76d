/* SPDX-License-Identifier: MIT */
/*
 * The table by sock_diag(7), as ss(8) asks for it. Unlike /proc/net/tcp, which prints every
 * connection of the last minute, the kernel leaves out what we do not want: after some thousand
 * connections that is a hundred times quicker, and the probe looks often.
 *
 * Each answer costs a walk through all of the kernel's hash table, most of whose quarter of a million buckets
 * are empty. The older of the two requests names no family, and so one walk tells of both.
 */
#include "run/tcp_table_ask.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* TCP_ESTABLISHED to TCP_CLOSING, and a handshake under way (12, the kernel's TCP_NEW_SYN_RECV). The bit above stands
 * for sockets that are not even a connection's beginning, for whose sake the kernel walks through another table. */
#define ANY_STATE (((1U << (TCP_CLOSING + 2)) - 2) & ~(1U << TCP_TIME_WAIT))

static int send_question(int fd, bool listeners) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req request;
    } question = {
        .header = {.nlmsg_len = sizeof question,
                   .nlmsg_type = TCPDIAG_GETSOCK,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
        .request = {.idiag_family = AF_INET,
                    .idiag_states = listeners ? 1U << TCP_LISTEN : ANY_STATE},
    };
    return send(fd, &question, sizeof question, 0) == (ssize_t)sizeof question ? 0 : -1;
}

static struct in6_addr mapped(const unsigned *words, int family) {
    struct in6_addr address;
    unsigned whole[4] = {0, 0, htonl(0xffff), words[0]};
    memcpy(&address, family == AF_INET ? whole : words, sizeof address);
    return address;
}

static struct tcp_socket socket_of(const struct inet_diag_msg *message) {
    int family = message->idiag_family;
    bool listens = message->idiag_state == TCP_LISTEN;
    return (struct tcp_socket){.family = family,
                               .local = mapped(message->id.idiag_src, family),
                               .remote = mapped(message->id.idiag_dst, family),
                               .local_port = ntohs(message->id.idiag_sport),
                               .remote_port = ntohs(message->id.idiag_dport),
                               .state = message->idiag_state,
                               .unread = message->idiag_rqueue,
                               .unsent = listens ? 0 : message->idiag_wqueue,
                               .backlog = listens ? message->idiag_wqueue : 0,
                               .inode = message->idiag_inode};
}

/* Takes one packet apart: 1 when the answer is complete, 0 when more follows, -1 for an error. */
static int take_packet(void *owner, in_port_t port, const char *packet, size_t length,
                       struct tcp_table *table) {
    while (length >= sizeof(struct nlmsghdr)) {
        struct nlmsghdr header;
        memcpy(&header, packet, sizeof header);
        if (header.nlmsg_type == NLMSG_DONE)
            return 1;
        if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_len < sizeof header ||
            header.nlmsg_len > length || (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0)
            return -1;
        struct inet_diag_msg message;
        if (header.nlmsg_len < NLMSG_HDRLEN + sizeof message)
            return -1;
        memcpy(&message, packet + NLMSG_HDRLEN, sizeof message);
        tcp_table_add(owner, port, table, socket_of(&message));
        size_t step = NLMSG_ALIGN(header.nlmsg_len);
        packet += step < length ? step : length;
        length -= step < length ? step : length;
    }
    return 0;
}

int tcp_table_ask(void *owner, in_port_t port, bool listeners, struct tcp_table *table) {
    char packet[65536];
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0)
        return -1;
    int state = send_question(fd, listeners);
    while (state == 0) {
        ssize_t length = recv(fd, packet, sizeof packet, 0);
        state = length <= 0 ? -1 : take_packet(owner, port, packet, (size_t)length, table);
    }
    close(fd);
    return state == 1 ? 0 : -1;
}
