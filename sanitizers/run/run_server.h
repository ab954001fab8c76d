/* SPDX-License-Identifier: MIT */
/* Runs a server, which does not end by itself and does nothing without clients. */
#ifndef HAZARD_RUN_RUN_SERVER_H
#define HAZARD_RUN_RUN_SERVER_H

#include "run/run.h"

/*
 * As run_program, but once the server listens, a handful of clients talk to it
 * (clients.h), and then it gets SIGTERM. A server that never listens, or that ends by
 * itself, is simply reported so by its outcome.
 */
int run_server(void *owner, const struct run_spec *spec, struct run_outcome *outcome,
               struct error *error);

#endif
