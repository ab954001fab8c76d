/* SPDX-License-Identifier: MIT */
/*
 * Fibers: stacks, the switch between them, and the thread-local storage that each borrows from a
 * real thread which sleeps for that purpose.
 */
#ifndef HAZARD_EXPLORE_FIBER_H
#define HAZARD_EXPLORE_FIBER_H

#include <stddef.h>
#include <stdint.h>

void context_switch(void **save, void *load);
void context_enter(void **save, void *stack, void *(*serve)(void));

/* A context that will call `entry` on the stack below `top`. */
void *context_new(char *top, void (*entry)(void));

/* Starts `count` real threads that do nothing but lend their TLS. Once in a process, before the
 * snapshot. 0, or an errno. */
int tls_lend(int count);
int tls_count(void);

/* The thread pointer of TLS `index`: 0 is the main thread's. */
uintptr_t tls_pointer(int index);

/* The memory of TLS `index` (static TLS block and thread descriptor), for the snapshot. */
void tls_extent(int index, char **start, size_t *size);

/* Makes `pointer` the thread pointer of this kernel thread. */
void tls_use(uintptr_t pointer);

/* The stack of actor `id`: mapped at first use, with a guard below. Returns its upper end. */
char *stack_of(int id);

#endif
