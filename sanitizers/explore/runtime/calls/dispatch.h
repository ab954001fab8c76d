/* SPDX-License-Identifier: MIT */
/*
 * Calls into code without hooks: the C library and whatever else the program was linked with.
 *
 * Each such function that is not simply harmless gets a stub in place of its address in the
 * program's global offset table. The stub (trampoline.S) says what is called, with which arguments,
 * and jumps on; what that means for the search, the race detector and the heap stands in the table
 * (table.h).
 */
#ifndef HAZARD_EXPLORE_RUNTIME_CALLS_DISPATCH_H
#define HAZARD_EXPLORE_RUNTIME_CALLS_DISPATCH_H

#include <stdint.h>

/* Where the program was when the calling thread crashed at `pc`: there, or, if that is in a library
 * or in what we do before and after calling one, where the program called it. */
uintptr_t dispatch_blame(uintptr_t pc);

#endif
