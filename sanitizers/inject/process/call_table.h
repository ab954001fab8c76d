/* SPDX-License-Identifier: MIT */
/* What system calls do, as far as it matters here: nothing but a table. */
#ifndef HAZARD_INJECT_PROCESS_CALL_TABLE_H
#define HAZARD_INJECT_PROCESS_CALL_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "inject/process/cpu.h"

enum call_traits {
    /* It neither looks at pending signals, children or timers nor changes what a copy of the
     * process would share with it. */
    CALL_QUIET = 1,
    CALL_SHARES = 2, /* it may make what a copy cannot have for itself: a pipe, a child... */
    CALL_SLEEPS = 4, /* it may sleep */
    CALL_ENDS = 8    /* it does not return */
};

/* Of the call that the tracee is about to make. An unknown one may do everything but end. */
unsigned call_traits(const struct cpu *cpu);

/* Can no other process tell that it was made? */
bool call_is_private(const struct cpu *cpu);

/* A call with a time-out: where it is, and what the call gives when the time is up. */
struct timed_call {
    long call;
    int argument;
    bool pointer; /* to a struct timespec or timeval; NULL: for ever. Else milliseconds; < 0: for
                     ever */
    int64_t unit; /* nanoseconds in the second word of what it points to, or in the number */
};

/* NULL if it has none. */
const struct timed_call *call_timed(long call);

/* "read"; NULL for one that no deadlock was ever seen in. */
const char *call_name(long call);

#endif
