/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RUN_TCP_TABLE_READ_H
#define HAZARD_RUN_TCP_TABLE_READ_H

#include "run/tcp_table.h"

/* The sockets that have `port` on either end, or all for port 0. Below `owner`. */
struct tcp_table tcp_table_read(void *owner, in_port_t port);

/* Those that listen, at any port. */
struct tcp_table tcp_table_listeners(void *owner);

#endif
