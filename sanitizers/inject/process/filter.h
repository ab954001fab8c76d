/* SPDX-License-Identifier: MIT */
/*
 * Which system calls a tracee stops at. A seccomp filter lets those through that we would only have
 * the kernel execute: a copy's way to its end then costs no stop for them. The filter is inherited
 * by copies and children, and changes nothing else, except that a set-user-id program that is
 * executed does not get its user's rights.
 */
#ifndef HAZARD_INJECT_FILTER_H
#define HAZARD_INJECT_FILTER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The flags of the clone call that copies a tracee (tracee.c), which goes through, too. */
#define FILTER_COPY_FLAGS (CLONE_PARENT | SIGCHLD)
/* Of the one that makes a child of a copy. CLONE_DETACHED means nothing any more: no program asks
 * for it, so its own forks are told from ours. */
#define FILTER_CHILD_FLAGS (CLONE_DETACHED | SIGCHLD)

/* Into a stopped tracee; `call_pc` is for tracee_call. With `returns` it also stops at returns from
 * handlers. False if the kernel does not allow it. */
bool filter_install(pid_t pid, uint64_t call_pc, bool returns);

#endif
