/* SPDX-License-Identifier: MIT */
/*
 * What is known of the C library's functions, by their names. The names with which libc itself
 * spells its system calls (__libc_fork, __read) are taken for the plain ones.
 */
#ifndef HAZARD_INJECT_REPORT_FUNCTION_LISTS_H
#define HAZARD_INJECT_REPORT_FUNCTION_LISTS_H

#include <stdbool.h>

/* May a signal handler call it? By the list of signal-safety(7). */
bool function_safe_in_handler(const char *function);

/* Does it sleep until something happens (pause, sigsuspend, poll...)? */
bool function_waits_for_event(const char *function);

#endif
