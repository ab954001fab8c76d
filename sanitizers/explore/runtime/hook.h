/* SPDX-License-Identifier: MIT */
/*
 * What comes to a step before it calls code of the program: atomics, and the world (hooked.h). The program calls a stub
 * (hook.S), which keeps what the program has in its registers, and calls a function of atomics.c or world/.
 *
 * At the first step within such a hook the runtime's own frames hold nothing that does not follow
 * from what the program had when it called; so they are no part of its state (recur.c).
 */
#ifndef HAZARD_EXPLORE_RUNTIME_HOOK_H
#define HAZARD_EXPLORE_RUNTIME_HOOK_H

#include <stdbool.h>
#include <stdint.h>

/* From there upwards: which hook, its arguments, the registers that calls preserve, the return
 * address, the program's stack. NULL: no such hook, or not at its first step any more. */
extern INTERNAL char *hook_frame;
/* In such a function, until it calls another: where the program called the hook. */
extern INTERNAL uintptr_t hook_caller;

extern INTERNAL bool hook_cleans; /* they clean the stack below the program's frames */

static inline char *hook_take_frame(void) {
    char *frame = hook_frame;
    hook_frame = NULL;
    return frame;
}

#endif
