/* SPDX-License-Identifier: MIT */
/*
 * Landlock: a process gives up rights for itself and its children, for ever. By its system calls,
 * landlock(7), with the bits that the running kernel knows: a rule may name no bit that its ruleset does not
 * handle, and a ruleset none that the kernel does not know.
 */
#ifndef HAZARD_SANDBOX_LANDLOCK_H
#define HAZARD_SANDBOX_LANDLOCK_H

#include "sandbox/reach.h"

/* The version of the kernel's interface: 1 since Linux 5.13, 2 (moves) 5.19, 3 (truncate) 6.2, 4 (TCP) 6.7,
 * 5 (ioctl) 6.10, 6 (signals, abstract sockets) 6.12. 0: none, or switched off. */
int landlock_abi(void);

#define LANDLOCK_ABI_TRUNCATE 3
#define LANDLOCK_ABI_SIGNALS 6

/*
 * Restricts the calling thread to these paths; to signals, traces and abstract sockets within what
 * it starts; and, unless `network`, to no TCP. As far as `abi` goes. Needs no_new_privs. -1 and errno, and
 * *at is the path that failed, if it was one.
 */
int landlock_enter(int abi, const struct reaches *reaches, bool network, const char **at);

#endif
