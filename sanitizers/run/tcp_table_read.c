/* SPDX-License-Identifier: MIT */
#include "run/tcp_table_read.h"

#include "run/tcp_table_ask.h"
#include "run/tcp_table_parse.h"

struct tcp_table tcp_table_read(void *owner, in_port_t port) {
    struct tcp_table table = {NULL, 0};
    if (tcp_table_ask(owner, port, &table) != 0) {
        table.count = 0;
        tcp_table_parse(owner, port, &table);
    }
    return table;
}
