/* SPDX-License-Identifier: MIT */
/*
 * From the sequence of instructions to calls: which of them belong to which call from the program
 * into a library, and which line of the program stands for them.
 */
#ifndef HAZARD_INJECT_REPORT_LIBRARY_CALLS_H
#define HAZARD_INJECT_REPORT_LIBRARY_CALLS_H

#include "inject/walk/injection.h"
#include "symbols/spots.h"

/* One call from the program into a library. */
struct library_call {
    const char *function;        /* "printf"; "" if it has no name */
    uint64_t caller;             /* in the calling instruction; 0: unknown */
    int64_t first, instructions; /* points */
};

struct library_calls {
    struct library_call *items; /* in the order of the walk */
    size_t count;
    int32_t *of; /* for each point: its call, or -1: the program's own code */
};

/* Below `owner`. */
struct library_calls library_calls_find(void *owner, struct spots *spots,
                                        const struct injection *injection);

/* The call that the point belongs to; NULL: it is the program's own code. */
const struct library_call *library_calls_at(const struct library_calls *calls, size_t point);

/* The program's own instruction that stands for a point: itself, or the call that led into the
 * library. 0: unknown. */
uint64_t library_calls_own_pc(const struct library_calls *calls, const struct injection *injection,
                              size_t point);

#endif
