/* SPDX-License-Identifier: MIT */
/* Frames of function calls: how big they are, and which variables are in them. */
#ifndef HAZARD_SYMBOLS_CALL_FRAME_H
#define HAZARD_SYMBOLS_CALL_FRAME_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdint.h>

#include "symbols/variables.h"

/* How far the stack pointer lies below the canonical frame address (CFA) of the function that makes
 * the call that returns to `return_address`. False: unknown. */
bool call_frame_size(Dwfl_Module *module, uint64_t return_address, uint64_t *size);

/* The function that `address` lies in; adds its variables to `locals` (their array is below
 * `owner`) if its frame is at `cfa`. NULL and none added if they cannot be known. */
const char *call_frame_locals(void *owner, Dwfl_Module *module, uint64_t address, uint64_t cfa,
                              struct variables *locals);

#endif
