/* SPDX-License-Identifier: MIT */
/*
 * Starts the program under ptrace, so that every run of it is the same to the instruction.
 */
#ifndef HAZARD_INJECT_PROCESS_LAUNCH_H
#define HAZARD_INJECT_PROCESS_LAUNCH_H

#include <sched.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/fail.h"
#include "run/surroundings.h"

/* What the program writes comes out here: the reading ends of its stdout and stderr. */
struct capture {
    int fd[2];
};

struct launch {
    const char *const *argv;
    struct surroundings surroundings;
    /* It also inherits copies of our stdout and stderr, at these descriptors; 0: none. */
    int keep[2];
    const cpu_set_t *processors; /* where it may run; NULL: where we may */
};

/* Starts it with fixed addresses, environment and random bytes, stopped at the first instruction of
 * its loader. -1 and *error. */
pid_t launch_program(const struct launch *launch, struct capture *capture, struct error *error);

/* Where the program's own first instruction is (AT_ENTRY); 0 if unknown. */
uint64_t launch_entry(pid_t pid);

#endif
