/* SPDX-License-Identifier: MIT */
/*
 * Following a library function, instruction by instruction: what it accesses goes to the race
 * detector as its caller's.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_FOLLOW_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_FOLLOW_H

#include <stdbool.h>
#include <stdint.h>

enum { FOLLOW_OWN = 2 };

/* One call that is followed. The first part is for who begins it to fill in. */
struct follow {
    const char *name;    /* of the function */
    const char *library; /* the file that it is of; NULL: the C library */
    uintptr_t pc;        /* its caller's, for reports */
    uintptr_t frame;     /* where its return address lies: the stack of its callers */
    bool hides;  /* it works on hidden state, which the table names: what it allocates is that */
    bool memory; /* but that is the program's: a stream's file */
    bool synchronises; /* its atomics order what its callers do */
    struct {
        uintptr_t start, end;
    } own[FOLLOW_OWN]; /* memory that a lock of it guards: a FILE, its buffer */

    bool active;
    bool entering;        /* the runtime's own code runs until the library's does */
    bool locked;          /* it has made an atomic read-modify-write */
    uintptr_t after;      /* where the latest instruction ended: what a call just made returns to */
    uint64_t round;       /* the registers at an atomic read-modify-write... */
    uint32_t rounds;      /* ...how often they were the same, with nothing written between */
    uintptr_t back;       /* where it goes on when what it has called returns */
    int64_t system_call;  /* -1: none at hand */
    uint64_t argument[6]; /* of it */
};

/* Once, before the snapshot. False: instructions cannot be decoded here. */
bool follow_start(void);

/* The calling thread enters the library; from the return of this function on, each instruction is
 * looked at. The call must return to trampoline_return, where it ends. */
void follow_begin(struct follow *follow);
bool follow_hides(void); /* the call at hand */

/* The call at hand of the calling thread; NULL: none. */
struct follow *follow_current(void);
void follow_set(struct follow *follow);

/* An access by the call at hand. */
void follow_observe(uintptr_t address, size_t size, bool write);

/* The call that is followed, if it is what made the call that returns there; else NULL. */
const struct follow *follow_caller(uintptr_t return_to);

/* SIGTRAP. False: it is not ours. */
bool follow_trap(void *context);

#endif
