/* SPDX-License-Identifier: MIT */
/* Where something was done. pc 0: it was not. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_PLACE_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_PLACE_H

#include <stdint.h>

#include "explore/runtime/fiber.h"

struct world_place {
    uint64_t pc;
    uint32_t stack;
    int32_t actor;
};

static inline struct world_place place_here(uintptr_t pc) {
    return (struct world_place){.pc = pc, .stack = self->stack, .actor = self->id};
}

#endif
