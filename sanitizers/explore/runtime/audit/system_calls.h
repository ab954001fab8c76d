/* SPDX-License-Identifier: MIT */
/* What the kernel does for a library function that is followed. */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_SYSTEM_CALLS_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_SYSTEM_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct system_call_effect {
    uintptr_t address;
    size_t size; /* 0: none */
    bool writes; /* to the caller's memory */
};

/* Can it be let through: does it neither wait, nor reach another thread or process? */
bool system_calls_know(int64_t number, const uint64_t argument[6]);

/* It is about to be made: the kernel can write to its buffer. */
void system_calls_begin(int64_t number, const uint64_t argument[6]);

/* What it did to memory, from its result. */
void system_calls_effect(int64_t number, const uint64_t argument[6], int64_t result,
                         struct system_call_effect *effect);

#endif
