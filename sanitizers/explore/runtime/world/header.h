/* SPDX-License-Identifier: MIT */
/* What <hazard.h> and --sv-comp have in common. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_HEADER_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_HEADER_H

#include <stdint.h>

/* 0 ... count - 1. */
int header_choose(int count, uintptr_t pc);

/* The program calls the function that says that it has failed. */
_Noreturn void header_error(const char *function, uintptr_t pc);

#endif
