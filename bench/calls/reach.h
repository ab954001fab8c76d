/* SPDX-License-Identifier: MIT */
/*
 * Memory by who can reach it. What the inputs are made of, and all that is allocated, lies in one
 * stretch, with a byte of marks for each of its bytes.
 */
#ifndef HAZARD_BENCH_CALLS_REACH_H
#define HAZARD_BENCH_CALLS_REACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REACH_INPUTS = 1 << 16, REACH_HEAP = 1 << 24, REACH_SIZE = REACH_INPUTS + REACH_HEAP };
enum mark {
    MARK_READ = 1,
    MARK_WRITTEN = 2,
    MARK_MAY_READ = 4,
    MARK_MAY_WRITE = 8,
    MARK_FOR_KERNEL = 16,
    MARK_BY_KERNEL = 32
};

extern char reach[REACH_SIZE];
extern uint8_t reach_marks[REACH_SIZE]; /* enum mark */

enum owner {
    OWNER_NOBODY,  /* read-only, the thread's own, or made in the call at hand */
    OWNER_PROGRAM, /* what callers gave to the library, or have from it */
    OWNER_LIBRARY  /* its hidden state */
};
void reach_start(void); /* once, in each process */
void reach_begin(void); /* the call: what is allocated from now on is its own */
enum owner reach_owner(uintptr_t address, bool write);

bool reach_is_environment(uintptr_t address); /* where all who look into it begin */

void reach_mark(uintptr_t address, size_t size, int marks);
bool reach_has(uintptr_t address); /* is it of the stretch? */
size_t reach_used_inputs(void), reach_used(void);

/* Code of the harness, and of the loader. */
bool reach_is_ours(uintptr_t pc);
bool reach_is_loader(uintptr_t pc);

#endif
