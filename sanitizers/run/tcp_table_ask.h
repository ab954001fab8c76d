/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RUN_TCP_TABLE_ASK_H
#define HAZARD_RUN_TCP_TABLE_ASK_H

#include <stdbool.h>

#include "run/tcp_table.h"

/* The table by sock_diag(7). It is quick, and a hundred times quicker for `listeners` alone; it is not there in
 * every container: then -1. */
int tcp_table_ask(void *owner, in_port_t port, bool listeners, struct tcp_table *table);

#endif
