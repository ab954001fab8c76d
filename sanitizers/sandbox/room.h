/* SPDX-License-Identifier: MIT */
/* Tier A: namespaces, and a file system made for one command. Used by entry.c. */
#ifndef HAZARD_SANDBOX_ROOM_H
#define HAZARD_SANDBOX_ROOM_H

#include "sandbox/entry.h"
#include "sandbox/reach.h"

/*
 * Returns in a new process, the second of a new pid namespace, in a root of its own that holds these
 * paths: 0, or -1 and errno. The calling process waits for it and ends as it ended; the first of the
 * namespace is in between, and with its end the kernel ends all others.
 */
int room_enter(const struct entry *entry, const struct reaches *reaches);

/* A user namespace for one who is no longer root, in which it is who it was. -1 and errno. */
int room_enter_user(void);

#endif
