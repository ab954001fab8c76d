/* SPDX-License-Identifier: MIT */
/*
 * Where a thread of another process stands: its stack, with source lines, from libdw.
 */
#ifndef HAZARD_SYMBOLS_STACK_H
#define HAZARD_SYMBOLS_STACK_H

#include <sys/types.h>

#include "report/location.h"

/* Adds the frames of a thread that is stopped by our ptrace, innermost first. None if it cannot be
 * unwound. */
void stack_of_stopped(void *owner, pid_t process, pid_t tid, struct location *location);

/*
 * The same for a thread that sleeps: stops it for a moment and lets it go on. The call that it
 * sleeps in is restarted by the kernel, apart from those few that end with EINTR at any stop
 * (epoll_wait: see signal(7)). -1 where ptrace is forbidden.
 */
int stack_of_sleeping(void *owner, pid_t process, pid_t tid, struct location *location);

#endif
