/* SPDX-License-Identifier: MIT */
/*
 * Memory that is known to be raced on, where races are tolerated. A race-free program needs
 * scheduling at its synchronisation only (the DRF guarantee); at racy memory each access becomes a
 * visible operation, and the search begins anew whenever one more granule turns out to be racy.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_RACED_H
#define HAZARD_EXPLORE_RUNTIME_RACED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void raced_begin(void);            /* takes over what was found so far */
void raced_add(uintptr_t granule); /* its address */
bool raced_has(uintptr_t address);

/* The access as a step, if it touches raced memory. `part`: of a call or copy that touches more. */
bool raced_step(uintptr_t address, size_t size, bool write, uintptr_t pc, bool part);

#endif
