/* SPDX-License-Identifier: MIT */
#include "run/tcp_table_read.h"

#include "run/tcp_table_ask.h"
#include "run/tcp_table_parse.h"

struct tcp_table tcp_table_read(void *owner, in_port_t port) {
    struct tcp_table table = {NULL, 0};
    if (tcp_table_ask(owner, port, false, &table) != 0) {
        table.count = 0;
        tcp_table_parse(owner, port, &table);
    }
    return table;
}

struct tcp_table tcp_table_listeners(void *owner) {
    struct tcp_table table = {NULL, 0}, all = {NULL, 0};
    if (tcp_table_ask(owner, 0, true, &table) == 0)
        return table;
    table.count = 0;
    tcp_table_parse(owner, 0, &all);
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].state == TCP_LISTEN)
            tcp_table_add(owner, 0, &table, all.items[i]);
    return table;
}
