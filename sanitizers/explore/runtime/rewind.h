/* SPDX-License-Identifier: MIT */
/* Rewinding: the program's writable memory goes back to what it was before main. */
#ifndef HAZARD_EXPLORE_RUNTIME_REWIND_H
#define HAZARD_EXPLORE_RUNTIME_REWIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `arguments`: from there up the stack belongs to the program. 0, or -1. */
int rewind_snapshot(char *arguments);

void rewind_memory(void);

/* From now on all writable memory is copied back: somebody unknown may write it. */
void rewind_all(void);

/* Until its next write nobody needs to look at that page. */
struct hot_page;
void rewind_cool(struct hot_page *hot);

/* A write to a page not written before; false: not one of ours. */
bool rewind_fault(char *address);

/* That memory is part of no state. Before the snapshot. In a copy of what is at `at` it becomes zero. */
void rewind_leave_out(const void *start, size_t size);
void rewind_clear_left_out(char *copy, const char *at, size_t size);

/* Of all memory that ever changed, but for the runtime's own. */
uint64_t rewind_hash(uint64_t hash);

/* The kernel will write there: each page is written to by us first, as the kernel would not wait
 * for a page that is protected until its first write. */
void rewind_touch_for_kernel(uintptr_t address, uint64_t size);

#endif
