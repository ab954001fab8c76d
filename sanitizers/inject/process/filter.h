/* SPDX-License-Identifier: MIT */
/*
 * Which system calls a tracee stops at. A seccomp filter lets those through that we would only have
 * the kernel execute: a copy's way to its end then costs no stop for them. The filter is inherited
 * by copies and children, and changes nothing else, except that a set-user-id program that is
 * executed does not get its user's rights.
 */
#ifndef HAZARD_INJECT_PROCESS_FILTER_H
#define HAZARD_INJECT_PROCESS_FILTER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Into a stopped tracee; `call_pc` is for tracee_call. With `returns` it also stops at returns from
 * handlers. False if the kernel does not allow it. */
bool filter_install(pid_t pid, uint64_t call_pc, bool returns);

#endif
