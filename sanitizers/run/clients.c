/* SPDX-License-Identifier: MIT */
#include "run/clients.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/clock.h"
#include "base/memory.h"
#include "run/echo.h"
#include "run/proc.h"
#include "run/sockets.h"

static bool tree_has_socket(const struct proc_tree *tree, unsigned long inode) {
    for (size_t i = 0; i < tree->count; i++)
        if (socket_descriptor(tree->items[i].pid, inode) >= 0)
            return true;
    return false;
}

/* Where a client reaches it: a wildcard is no place to connect to. */
static struct server_address reachable_at(const struct tcp_socket *listener) {
    struct server_address at = {.length = 0};
    if (listener->family == AF_INET6) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&at.address;
        bool wildcard = IN6_IS_ADDR_UNSPECIFIED(&listener->local);
        *v6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                    .sin6_port = htons(listener->local_port),
                                    .sin6_addr = wildcard ? in6addr_loopback : listener->local};
        at.length = sizeof *v6;
    } else {
        struct sockaddr_in *v4 = (struct sockaddr_in *)&at.address;
        *v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(listener->local_port)};
        memcpy(&v4->sin_addr, &listener->local.s6_addr[12], sizeof v4->sin_addr);
        if (v4->sin_addr.s_addr == htonl(INADDR_ANY))
            v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        at.length = sizeof *v4;
    }
    return at;
}

int server_listening(pid_t root, struct server_address *address) {
    void *scratch = talloc_new(NULL);
    struct tcp_table table = tcp_table_read(scratch, 0);
    struct proc_tree tree = proc_tree_read(scratch, root);
    int found = 0;
    for (size_t i = 0; i < table.count && found == 0; i++) {
        if (table.items[i].state != TCP_LISTEN || !tree_has_socket(&tree, table.items[i].inode))
            continue;
        *address = reachable_at(&table.items[i]);
        found = 1;
    }
    talloc_free(scratch);
    return found;
}

/* One round of a client's life: as far as it gets without waiting. */
static void go_on(struct echo *client) {
    echo_advance(client);
    while (client->state == ECHO_CONTENT && echo_next_line(client))
        ;
    if (client->state >= ECHO_CONTENT)
        echo_close(client);
}

static struct echo *open_clients(void *owner, const struct server_address *address, int count) {
    struct echo *clients = new_array(owner, struct echo, count);
    for (int i = 0; i < count; i++) {
        const char *text =
            talloc_asprintf(owner, "client %d says hello\nand how are you\nbye %d\n", i, i);
        echo_open(&clients[i], address, text);
        clients[i].allowed = clients[i].expected = 0; /* line by line */
    }
    return clients;
}

/* `count` clients at once. Returns how many were served in full. */
static int serve(const struct server_address *address, int count, double seconds) {
    void *scratch = talloc_new(NULL);
    struct echo *clients = open_clients(scratch, address, count);
    struct pollfd *fds = new_array(scratch, struct pollfd, count);
    double deadline = clock_seconds() + seconds;
    for (int waiting = count; waiting > 0 && clock_seconds() < deadline;) {
        waiting = 0;
        for (int i = 0; i < count; i++) {
            go_on(&clients[i]);
            fds[i] = (struct pollfd){.fd = clients[i].fd, .events = echo_events(&clients[i])};
            waiting += echo_waits(&clients[i]);
        }
        if (waiting > 0)
            poll(fds, (nfds_t)count, (int)(1000 * (deadline - clock_seconds())) + 1);
    }
    int served = 0;
    for (int i = 0; i < count; i++) {
        served += clients[i].state == ECHO_CONTENT;
        echo_close(&clients[i]);
    }
    talloc_free(scratch);
    return served;
}

int clients_run(const struct server_address *address, int sequential, int concurrent,
                double seconds) {
    int served = 0;
    for (int i = 0; i < sequential; i++)
        served += serve(address, 1, seconds);
    return served + (concurrent > 0 ? serve(address, concurrent, seconds) : 0);
}
