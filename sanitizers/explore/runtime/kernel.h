/* SPDX-License-Identifier: MIT */
/*
 * The kernel of the runtime: runs the program's threads as fibers, one at a time, and asks the
 * search who goes next. The modelled world (mutexes, condition variables, threads...), the hooks of
 * the compiler and the judges stand on it.
 *
 * The runtime lives in the program under test. Its rules:
 *  - no libc but what real_function() finds; memory from memory_new (forgotten after the
 *    execution) or lasting_new (for ever); static variables are rewound after each execution, like
 *    the program's.
 *  - the world's functions run on the calling thread's stack, under its TLS.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_KERNEL_H
#define HAZARD_EXPLORE_RUNTIME_KERNEL_H

/* Runs executions until the search is over; the worker's exit code. */
int kernel_run(void);

/* What a fiber enters the kernel for, on the kernel's stack; the stack that goes on. */
void *kernel_serve(void);

#endif
