/* SPDX-License-Identifier: MIT */
/*
 * Memory of the execution at hand, forgotten after it. The world's state is part of what livelock
 * detection compares, so it holds no counters that only grow: those (clocks, logs) are scratch.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_MEMORY_H
#define HAZARD_EXPLORE_RUNTIME_MEMORY_H

#include <stddef.h>

void memory_map(void);             /* once, in the server */
void *memory_new(size_t size);     /* zeroed; compared */
void *memory_scratch(size_t size); /* zeroed; never compared */

/* Where the memory lies that is compared, as far as it is used. */
void memory_extent(char **start, size_t *size);

#endif
