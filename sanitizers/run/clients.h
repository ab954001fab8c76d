/* SPDX-License-Identifier: MIT */
/* A handful of well-behaved echo clients, which drive a server while a detector watches it. */
#ifndef HAZARD_RUN_CLIENTS_H
#define HAZARD_RUN_CLIENTS_H

#include "run/rest.h"
#include "run/server_address.h"

struct clients_plan {
    pid_t server;
    enum rest_tool tool; /* whose threads run in the server besides its own */
    int sequential, concurrent;
    double seconds; /* of the server's own time (spent.h), for each round of clients */
};

/*
 * Runs `sequential` clients one after the other, then `concurrent` ones at once; each connects, has three lines
 * echoed, and closes. To a server that does not echo those that follow say what HTTP's do. Returns how many were
 * served in full; gives up on one when its time is over, or when the server has been at rest for a second: then it
 * waits, as the client does.
 */
int clients_run(const struct server_address *address, const struct clients_plan *plan);

#endif
