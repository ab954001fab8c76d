/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/context.h"

void *context_new(char *top, void (*entry)(void)) {
    void **sp = (void **)(((uintptr_t)top & ~(uintptr_t)15) - 16);
    sp[0] =
        (void *)(uintptr_t)entry; /* context_switch returns to it, with the stack as after a call */
    sp[1] = NULL;
    for (int i = 1; i <= 6; i++)
        sp[-i] = NULL;
    uint32_t *words = (uint32_t *)(sp - 7);
    /* A thread inherits its creator's floating-point environment. */
    __asm__ volatile("stmxcsr %0\n fnstcw %1" : "=m"(words[0]), "=m"(words[1]));
    words[1] &= 0xffff;
    words[0] &= ~0x3fU; /* but not the exceptions that it raised */
    return words;
}
