/* SPDX-License-Identifier: MIT */
/* Surroundings in which less can be had: for the process that calls, for ever. */
#ifndef TESTS_JAIL_H
#define TESTS_JAIL_H

#include <stdbool.h>

/* As Docker's default profile: no namespaces and no mounts, personality(2) for a few values alone.
 * `landlock`: false: as a kernel without it. False if it cannot be had. */
bool jail_enter(bool landlock);

/* Becomes a user who owns nothing; only root can. */
bool jail_become_other(void);

#endif
