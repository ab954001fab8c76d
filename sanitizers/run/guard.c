/* SPDX-License-Identifier: MIT */
#include "run/guard.h"

#include <stddef.h>

static guard_function *guard;
static void *guard_argument;

void guard_set(guard_function *function, void *argument) {
    guard = function;
    guard_argument = argument;
}

int guard_enter(const char *writes) {
    return guard != NULL ? guard(guard_argument, writes) : 0;
}
