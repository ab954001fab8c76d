/* SPDX-License-Identifier: MIT */
/* From a client that gets no answer to the line of the server that stands in its way. */
#ifndef HAZARD_PROBE_BLAME_H
#define HAZARD_PROBE_BLAME_H

#include "probe/session.h"
#include "report/finding.h"

/*
 * The finding for a client that waits, from the session's latest look: the threads of the server
 * that stand in its way, with their stacks (they are stopped for a moment), and the client.
 */
struct finding blame_wait(void *owner, const struct session *session, const struct peer *client);

/* Why the client's call does not return, one line. */
const char *blame_why(void *owner, const struct session *session, const struct peer *client);

#endif
