/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_INJECT_SAFE_CALLS_H
#define HAZARD_INJECT_SAFE_CALLS_H

#include <stdbool.h>

/* May a signal handler call it? By the list of signal-safety(7), with the ways in which libc itself
 * spells its system calls. */
bool safe_in_handler(const char *function);

/* Does it sleep until something happens (pause, sigsuspend, poll...)? */
bool waits_for_event(const char *function);

#endif
