/* SPDX-License-Identifier: MIT */
/* How misuse is said. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_MISUSE_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_MISUSE_H

#include <stdint.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/world/place.h"

/* Misuse: a finding at `pc`. The text says what the calling thread does ("unlocks mutex @, ..."; @:
 * `object`); `before`, if not NULL, is a place that explains it. */
_Noreturn void misuse(uintptr_t pc, const void *object, const struct world_place *before,
                      const char *before_doing, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
