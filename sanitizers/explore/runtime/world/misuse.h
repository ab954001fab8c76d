/* SPDX-License-Identifier: MIT */
/* How misuse is said. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_MISUSE_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_MISUSE_H

#include <stdint.h>

#include "explore/message/message.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/world/place.h"

/* Misuse: a finding at `pc`. `doing` is what the calling thread does: "unlocks " "mutex @" ", which is
 * not locked". `before`, if not NULL, is a place that explains it, and `before_said` what was done
 * there. */
_Noreturn void misuse(uintptr_t pc, struct message_doing doing, const struct world_place *before,
                      enum message_text before_said);

#endif
