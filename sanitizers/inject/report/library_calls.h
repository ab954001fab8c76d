/* SPDX-License-Identifier: MIT */
/*
 * From the sequence of instructions to calls: which of them belong to which call from the program
 * into a library, and which line of the program stands for them.
 */
#ifndef HAZARD_INJECT_LIBRARY_CALLS_H
#define HAZARD_INJECT_LIBRARY_CALLS_H

#include "inject/inject.h"
#include "symbols/spots.h"

struct calls {
    struct library_call *items; /* in the order of the walk */
    size_t count;
    int32_t *of; /* for each point: its call, or -1: the program's own code */
};

/* Below `owner`. */
struct calls calls_find(void *owner, struct spots *spots, const struct injection *injection);

/* The program's own instruction that stands for a point: itself, or the call that led into the
 * library. 0: unknown. */
uint64_t calls_own_pc(const struct calls *calls, const struct injection *injection, size_t point);

#endif
