/* SPDX-License-Identifier: MIT */
/* A breakpoint in the first process of a family. */
#ifndef HAZARD_INJECT_FAMILY_BREAKPOINT_H
#define HAZARD_INJECT_FAMILY_BREAKPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "inject/process/cpu.h"

struct breakpoint {
    uint64_t pc; /* 0: there is none */
    long under;  /* what was there before */
    bool met;    /* the process stands at it */
};

/* False if it cannot be set there. One that was set before is gone. */
bool breakpoint_set(struct breakpoint *breakpoint, pid_t pid, uint64_t pc);
void breakpoint_clear(struct breakpoint *breakpoint, pid_t pid);

/* Takes it out of the memory of a process that must not meet it; and puts it back there. */
void breakpoint_hide(const struct breakpoint *breakpoint, pid_t pid);
void breakpoint_show(struct breakpoint *breakpoint, pid_t pid);

/* Has the process, stopped by a trap, just run into it? */
bool breakpoint_was_hit(const struct breakpoint *breakpoint, const struct cpu *cpu);

#endif
