/* SPDX-License-Identifier: MIT */
/* The switch between stacks: context.S, and context.c for how a stack begins. */
#ifndef HAZARD_EXPLORE_RUNTIME_CONTEXT_H
#define HAZARD_EXPLORE_RUNTIME_CONTEXT_H

/* What lies at a saved stack pointer: so many bytes of floating-point controls, then registers. */
enum { CONTEXT_CONTROL = 8 };

void context_switch(void **save, void *load);
void context_enter(void **save, void *stack, void *(*serve)(void));

/* A context that will call `entry` on the stack below `top`. */
void *context_new(char *top, void (*entry)(void));

/* A thread's first function, called with nothing of ours in its registers, which would lie on its stack; what it
 * returns goes to `ended`, which does not return. */
_Noreturn void context_call(void *(*start)(void *), void *argument, void (*ended)(void *));

/* The last thing that a hook does: what it leaves below the program's stack pointer becomes zero, so that what
 * a function finds there in its unset variables does not hang on what the runtime had to do. */
void context_scrub(void);
void context_scrub_deep(void); /* the same, for what goes deep */

#endif
