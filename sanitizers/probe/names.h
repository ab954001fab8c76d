/* SPDX-License-Identifier: MIT */
/* What a finding calls the parts of a server. */
#ifndef HAZARD_PROBE_NAMES_H
#define HAZARD_PROBE_NAMES_H

#include "report/location.h"
#include "run/proc.h"

/* "server process", "main thread of the server", "thread 3 of the server",
 * "child process of the server". */
const char *names_actor(void *owner, const struct proc_tree *tree, pid_t root, pid_t process,
                        pid_t tid);

/* "main (iterative-server.c:29)": the program's own innermost frame, or
 * whatever comes nearest to it. */
const char *names_place(void *owner, const struct location *location,
                        const struct sources *sources);

#endif
