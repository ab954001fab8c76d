/* SPDX-License-Identifier: MIT */
#include "run/tcp_table.h"

#include "base/memory.h"

void tcp_table_add(void *owner, in_port_t port, struct tcp_table *table, struct tcp_socket one) {
    if (one.state == TCP_TIME_WAIT ||
        (port != 0 && one.local_port != port && one.remote_port != port))
        return;
    table->items = grow_array(owner, table->items, struct tcp_socket, table->count + 1);
    table->items[table->count++] = one;
}
