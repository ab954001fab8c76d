/* SPDX-License-Identifier: MIT */
/* Where something was done. pc 0: it was not. */
#ifndef HAZARD_EXPLORE_RUNTIME_WORLD_PLACE_H
#define HAZARD_EXPLORE_RUNTIME_WORLD_PLACE_H

#include <stdint.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/memory.h"

struct world_place {
    uint64_t pc;
    uint32_t stack;
    int32_t actor;
};

static inline struct world_place place_here(uintptr_t pc) {
    return (struct world_place){.pc = pc, .stack = self->stack, .actor = self->id};
}

/* What only explains is no part of the state: so the place lies elsewhere than what it is about. Nowhere, yet. */
static inline struct world_place *place_noted(const void *about) {
    struct world_place *place = memory_new(MEMORY_PLACE, (uint64_t)(uintptr_t)about, sizeof *place);
    *place = (struct world_place){0};
    return place;
}

#endif
