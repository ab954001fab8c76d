/* SPDX-License-Identifier: MIT */
#include "run/server_address.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <talloc.h>

#include "run/proc.h"
#include "run/socket_inode.h"
#include "run/tcp_table_read.h"

static bool tree_has_socket(const struct proc_tree *tree, unsigned long inode) {
    for (size_t i = 0; i < tree->count; i++)
        if (socket_descriptor(tree->items[i].living, inode) >= 0)
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
    struct tcp_table table = tcp_table_listeners(scratch);
    struct proc_tree tree = proc_tree_read(scratch, root);
    int found = 0;
    for (size_t i = 0; i < table.count && found == 0; i++) {
        if (!tree_has_socket(&tree, table.items[i].inode))
            continue;
        *address = reachable_at(&table.items[i]);
        found = 1;
    }
    talloc_free(scratch);
    return found;
}
