/* SPDX-License-Identifier: MIT */
/* The program uses what explore cannot take: ends the search. */
#ifndef HAZARD_EXPLORE_RUNTIME_UNSUPPORTED_H
#define HAZARD_EXPLORE_RUNTIME_UNSUPPORTED_H

#include <stdint.h>

#include "explore/message/message.h"

_Noreturn void unsupported(uintptr_t pc, enum message_text reason);
_Noreturn void unsupported_number(uintptr_t pc, enum message_text reason, uint64_t number);
_Noreturn void unsupported_because(uintptr_t pc, const struct message *reason);

/* A call of that name; SAY_NOTHING: the name says it. */
_Noreturn void unsupported_call(uintptr_t pc, const char *name, enum message_text why);

#endif
