/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RUN_TCP_TABLE_PARSE_H
#define HAZARD_RUN_TCP_TABLE_PARSE_H

#include "run/tcp_table.h"

/* The table by /proc/net/tcp and tcp6, which are there everywhere. */
void tcp_table_parse(void *owner, in_port_t port, struct tcp_table *table);

#endif
