/* SPDX-License-Identifier: MIT */
/*
 * The short way of an access: what the hooks do at every load and store of the program.
 */
#ifndef HAZARD_EXPLORE_QUICK_H
#define HAZARD_EXPLORE_QUICK_H

#include "explore/runtime/shadow.h"

enum {
    QUIET = 100000
}; /* accesses and calls without a step after which the others get their turn */

/* All that follows when an access is not a repetition. `part`: of a call or copy that touches
 * more. */
void race_slow(uintptr_t address, size_t size, bool write, uintptr_t pc, bool part);
void race_one(uintptr_t address, size_t size, bool write, uintptr_t pc); /* stands by itself */
void give_turn(uintptr_t pc);

/* Counts an access or a call: is it time for give_turn()? */
static inline bool is_quiet_too_long(void) {
    return __builtin_expect(++clocks->quiet[self->id] >= QUIET, false);
}

static inline bool on_own_stack(uintptr_t address) {
    return address - (STACK_ADDRESS + self->id * STACK_SPACE) < STACK_SPACE;
}

/* For who wants to know whether a thread only reads: recur.c. */
static inline void count_write(uintptr_t address, bool write) {
    if (write && !on_own_stack(address))
        self->writes++;
}

#endif
