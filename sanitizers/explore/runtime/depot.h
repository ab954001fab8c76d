/* SPDX-License-Identifier: MIT */
/*
 * The stack depot: every call stack ever seen, as nodes of one tree; a stack is the number of its
 * innermost node, and the same in every execution. Kept by __tsan_func_entry and __tsan_func_exit.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_DEPOT_H
#define HAZARD_EXPLORE_RUNTIME_DEPOT_H

#include <stdbool.h>
#include <stdint.h>

/* The stack `parent` with one more call, which will return to `pc`. 0 is the empty stack. When the
 * depot is full: `parent`. */
uint32_t depot_push(uint32_t parent, uintptr_t pc);

/* True for the first who asks of this pair, in any execution of any worker. `tag`: below 2^30. */
bool depot_first(uint32_t tag, uintptr_t value);

#endif
