/* SPDX-License-Identifier: MIT */
/*
 * Standard input that is a file. Forks share how far it was read; a copy must not move it on for others.
 */
#ifndef HAZARD_INJECT_PROCESS_INPUT_H
#define HAZARD_INJECT_PROCESS_INPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "inject/process/cpu.h"

/* `copy` is a fresh copy of `original`, and stands at `cpu`: it opens its input for itself, where that is a file, at the
 * same place. False if it cannot. */
bool input_own(pid_t copy, pid_t original, const struct cpu *cpu, uint64_t call_pc);

#endif
