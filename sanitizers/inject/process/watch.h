/* SPDX-License-Identifier: MIT */
/*
 * Waiting for tracees without being blind: a tick that interrupts waitpid, so that who waits can
 * look whether the tracee spins or sleeps; and a pause that a stop cuts short. Neither decides
 * anything by itself.
 */
#ifndef HAZARD_INJECT_PROCESS_WATCH_H
#define HAZARD_INJECT_PROCESS_WATCH_H

#include <signal.h>
#include <sys/time.h>

struct watch {
    struct sigaction action; /* what was there before */
    struct itimerval timer;
    sigset_t mask;
    int slack;
};

/* Takes SIGALRM, SIGCHLD and ITIMER_REAL of this process over; and gives them back. */
void watch_start(struct watch *watch);
void watch_stop(const struct watch *watch);

/* Lets a moment pass, or less if a tracee stops. */
void watch_pause(void);

#endif
