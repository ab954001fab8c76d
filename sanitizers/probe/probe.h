/* SPDX-License-Identifier: MIT */
/*
 * probe: a client that asks a server where it blocks.
 *
 * The server under test is an echo server for lines of text: what a client sends comes back, and
 * when the client has shut down its writing side and has everything back, the server closes. Each
 * step runs in a fresh server.
 */
#ifndef HAZARD_PROBE_PROBE_H
#define HAZARD_PROBE_PROBE_H

#include "probe/probe_options.h"
#include "probe/probe_report.h"
#include "subject.h"

/* Runs the steps. Everything in the report is below `owner`. -1 only when hazard itself failed. */
int probe_run(void *owner, const struct subject *subject, const struct probe_options *options,
              struct probe_report *report, struct error *error);

#endif
