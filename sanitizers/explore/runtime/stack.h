/* SPDX-License-Identifier: MIT */
/* The stacks of the program's threads. */
#ifndef HAZARD_EXPLORE_RUNTIME_STACK_H
#define HAZARD_EXPLORE_RUNTIME_STACK_H

/* The stack of actor `id`: mapped at first use, with a guard below. Returns its upper end. */
char *stack_of(int id);

#endif
