/* SPDX-License-Identifier: MIT */
/* The stacks of the program's threads. */
#ifndef HAZARD_EXPLORE_RUNTIME_STACK_H
#define HAZARD_EXPLORE_RUNTIME_STACK_H

#include <stddef.h>
#include <stdint.h>

/* The stack of actor `id`: mapped at first use, with a guard below. Returns its upper end. */
char *stack_of(int id);

/* The pages that it lies in. */
struct stack_pages {
    uintptr_t start;
    size_t size;
};
struct stack_pages stack_pages(int id);

#endif
