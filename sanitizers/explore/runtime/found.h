/* SPDX-License-Identifier: MIT */
/* The program has failed, where a fiber notices it. `found` ends the execution; `found_note` goes on. */
#ifndef HAZARD_EXPLORE_RUNTIME_FOUND_H
#define HAZARD_EXPLORE_RUNTIME_FOUND_H

#include <stdint.h>

#include "explore/shared.h"

_Noreturn void found(const struct shared_finding *finding);
void found_note(const struct shared_finding *finding);

/* From a signal handler, in the program. */
_Noreturn void found_crash(enum message_text what, uintptr_t pc);

#endif
