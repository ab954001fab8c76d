/* SPDX-License-Identifier: MIT */
/* The processor's state at a trap, and what an operand means in it. */
#ifndef HAZARD_EXPLORE_RUNTIME_AUDIT_MACHINE_H
#define HAZARD_EXPLORE_RUNTIME_AUDIT_MACHINE_H

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

#include "explore/runtime/audit/decode.h"

enum { MACHINE_TRAP = 1 << 8 /* the trap flag: one instruction, then SIGTRAP */ };

static inline uintptr_t machine_pc(const ucontext_t *context) {
    return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
}

static inline uintptr_t machine_sp(const ucontext_t *context) {
    return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
}

/* From the next instruction on: does each end with a trap? */
void machine_step(ucontext_t *context, bool single);

/* The memory that an operand of the instruction about to run means, and its size in bytes; 0: none
 * (a string instruction whose counter is 0). `fs` is the thread pointer. */
uintptr_t machine_address(const ucontext_t *context, uintptr_t fs, const struct operand *operand,
                          size_t *size);

#endif
