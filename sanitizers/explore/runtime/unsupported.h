/* SPDX-License-Identifier: MIT */
/* The program uses what explore cannot take: ends the search. */
#ifndef HAZARD_EXPLORE_RUNTIME_UNSUPPORTED_H
#define HAZARD_EXPLORE_RUNTIME_UNSUPPORTED_H

#include <stdint.h>

_Noreturn void unsupported(uintptr_t pc, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
