/* SPDX-License-Identifier: MIT */
/* What the program assumes does not hold. */
#ifndef HAZARD_EXPLORE_RUNTIME_ASSUME_H
#define HAZARD_EXPLORE_RUNTIME_ASSUME_H

#include <stdint.h>

/* The calling thread goes no further. */
_Noreturn void assume_fails(uintptr_t pc);

#endif
