/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_RUN_TCP_TABLE_ASK_H
#define HAZARD_RUN_TCP_TABLE_ASK_H

#include "run/tcp_table.h"

/* The table by sock_diag(7). It is quick, and not there in every container: then -1. */
int tcp_table_ask(void *owner, in_port_t port, struct tcp_table *table);

#endif
