/* SPDX-License-Identifier: MIT */
/* Surroundings in which less can be had: for the process that calls, for ever. */
#ifndef TESTS_JAIL_H
#define TESTS_JAIL_H

#include <stdbool.h>

/* As Docker's defaults: root has 14 capabilities (not that to trace), there are no namespaces, no mounts and
 * none of the calls for who looks into others, and personality(2) does not fix addresses.
 * `landlock`: false: as a kernel without it. False if it cannot be had. */
bool jail_enter(bool landlock);

/* Becomes a user who owns nothing, of this process alone; only root can. Which: */
unsigned jail_other(void);
bool jail_become_other(void);

#endif
