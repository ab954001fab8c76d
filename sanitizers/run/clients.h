/* SPDX-License-Identifier: MIT */
/* A handful of well-behaved echo clients, which drive a server while a detector watches it. */
#ifndef HAZARD_RUN_CLIENTS_H
#define HAZARD_RUN_CLIENTS_H

#include "run/server_address.h"

/*
 * Runs `sequential` clients one after the other, then `concurrent` ones at once; each
 * connects, has three lines echoed, and closes. To a server that does not echo those that
 * follow say what HTTP's do. Returns how many were served in full;
 * gives up on one after `seconds` of the server's own time (spent.h).
 */
int clients_run(const struct server_address *address, pid_t server, int sequential, int concurrent,
                double seconds);

#endif
