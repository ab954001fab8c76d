/* SPDX-License-Identifier: MIT */
/*
 * Who waits for whom: from a client that gets no answer to the line of the server that stands in
 * its way.
 */
#ifndef HAZARD_BLAME_H
#define HAZARD_BLAME_H

#include "probe/session.h"

/* "server process", "main thread of the server", "thread 3 of the server", "child process of the
 * server". */
const char *actor_name(void *owner, const struct proc_tree *tree, pid_t root, pid_t process,
                       pid_t tid);

/* "main (iterative-server.c:29)": the program's own innermost frame, or whatever comes nearest to
 * it. */
const char *place_name(void *owner, const struct location *location, const struct sources *sources);

/*
 * The finding for a client that waits, from the session's latest look: the threads of the server
 * that stand in its way, with their stacks (they are stopped for a moment), and the client.
 */
struct finding blame_wait(void *owner, const struct session *session, const struct peer *client);

/* Why the client's call does not return, one line. */
const char *blame_why(void *owner, const struct session *session, const struct peer *client);

#endif
