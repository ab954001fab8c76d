/* SPDX-License-Identifier: MIT */
/* What one instruction of a process may change, told from its bytes. */
#ifndef HAZARD_INJECT_PROCESS_FOOTPRINT_H
#define HAZARD_INJECT_PROCESS_FOOTPRINT_H

#include "inject/process/cpu.h"

enum footprint {
    FOOTPRINT_REGISTERS, /* general registers and flags, nothing else */
    FOOTPRINT_PUSH,      /* those, and the word at the new stack pointer */
    FOOTPRINT_ANY        /* more, or it is not known */
};

enum footprint footprint_of(const struct cpu_code *code);

#endif
