/* SPDX-License-Identifier: MIT */
/* The failing execution: its steps, the actors that made them, and the calls that they were in. */
#ifndef HAZARD_EXPLORE_SHARED_TRACE_H
#define HAZARD_EXPLORE_SHARED_TRACE_H

#include <stdint.h>

#include "explore/op.h"

enum {
    SHARED_TRACE = 1 << 18, /* steps kept of the failing execution */
    SHARED_STACKS = 1 << 20 /* nodes of the stack depot */
};

/* One step of the trace, for people. */
struct shared_step {
    struct event event;
    uint64_t address; /* of the object, as the program knows it */
    uint64_t value;   /* read, written, or returned */
    uint64_t pc;
    uint32_t stack;
    uint32_t flags;
};
enum {
    STEP_HAS_VALUE = 1,
    STEP_SWITCH = 2,    /* another actor made the step before it */
    STEP_PREEMPT = 4,   /* ... though that one could have gone on */
    STEP_FAILED = 8,    /* a trylock... that did not get it */
    STEP_CRITICAL = 16, /* after it the failure could not be avoided */
    STEP_SAME = 32      /* an atomic that wrote what was there already */
};

struct shared_stack {
    uint32_t parent; /* 0: the bottom */
    uint32_t ready;  /* 0: free, or being made */
    uint64_t pc;     /* return address in the caller */
};

struct shared_actor {
    int32_t parent; /* -1: the main thread */
    int32_t
        number; /* in the order of creation in the execution of the trace: 1 is the main thread */
    int32_t order;     /* likewise, store buffers counted too: what a replay calls it, from 1 */
    int32_t buffer_of; /* 1 + the thread whose store buffer it is; 0: it is a thread */
    uint64_t start;    /* the thread's start routine */
};

#endif
