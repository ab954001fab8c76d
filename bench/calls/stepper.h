/* SPDX-License-Identifier: MIT */
/* One call of a library function, instruction by instruction, in this process. */
#ifndef HAZARD_BENCH_CALLS_STEPPER_H
#define HAZARD_BENCH_CALLS_STEPPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/calls/claims.h"
#include "bench/calls/reach.h"

enum { STEPPER_HIDDEN = 4096, STEPPER_CLAIMS = 256, STEPPER_STRAY = 16 };

/* An access to what belongs to the library. */
struct hidden_access {
    uintptr_t address;
    uint32_t size;
    bool write, locked;
};

struct claimed {
    uintptr_t address;
    uint64_t size;
    bool write;
};

/* What came out, for people. */
struct report {
    char touched[512], problems[2048], notes[512];
};

struct stepper {
    bool perturb; /* what was not claimed the first time is made something else before the call */
    uint8_t with; /* ... by this: exclusive or; 0: all become zero */

    struct claims claims;
    struct claimed claimed[STEPPER_CLAIMS];
    int claimed_count;
    struct hidden_access hidden[STEPPER_HIDDEN];
    int hidden_count;
    bool entered, returned, vectored;
    bool environment;       /* it looked into the environment */
    bool kernel_writes_own; /* ... of the library's, which rewinding might have protected */
    long steps;
    uint64_t argument[6], result;
    uint8_t vector[16], x87[10];
    int error;                 /* errno */
    int64_t refused_call;      /* a system call of which nobody knows what it touches; -1: none */
    uintptr_t opaque;          /* an instruction of which nobody knows it; 0: none */
    char inputs[REACH_INPUTS]; /* as the first process has left them */
    struct report report;
};

extern struct stepper *stepper; /* of the call at hand: shared with the parent */

bool stepper_start(void); /* once, in the parent */
void stepper_arm(const char *name, void (*function)(void));
void stepper_enter(void); /* stands for the function */

#endif
