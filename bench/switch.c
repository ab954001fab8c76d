/* SPDX-License-Identifier: MIT */
/* Two stacks hand control to each other N times, for callgrind: bench/run. */
#include <stdint.h>
#include <stdlib.h>

#include "explore/runtime/context.h"

static void *here, *there;

static void other(void) {
    for (;;)
        context_switch(&there, here);
}

/* As context_new (context.c) does it: six registers and the two control words below the entry. */
static void *make_context(char *top, void (*entry)(void)) {
    void **sp = (void **)top - 2;
    sp[0] = (void *)(uintptr_t)entry;
    uint32_t *words = (uint32_t *)(sp - 7);
    words[0] = 0x1f80;
    words[1] = 0x037f;
    return words;
}

int main(int argc, char **argv) {
    static _Alignas(16) char stack[1 << 14];
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) / 2 : 0;
    there = make_context(stack + sizeof stack, other);
    for (long i = 0; i < rounds; i++)
        context_switch(&here, there);
    return 0;
}
