/* SPDX-License-Identifier: MIT */
/*
 * A region at a fixed address with a pointer that only grows.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/lasting.h"
#include "explore/runtime/places.h"
#include "explore/runtime/unsupported.h"

#define LASTING_SIZE ((size_t)1 << 38)

static void lasting_full(void) {
    unsupported_number(0, SAY_SEARCH_MEMORY, LASTING_SIZE >> 30);
}

void lasting_map(void) {
    place_take(LASTING_ADDRESS, LASTING_SIZE);
    char *after = (char *)LASTING_ADDRESS + ((sizeof *lasting + 63) & ~(size_t)63);
    arena_init(&lasting->arena, after, LASTING_SIZE - sizeof *lasting - 64, lasting_full);
    lasting->arena.fresh = true;
}

void *lasting_new(size_t size) {
    return arena_new(&lasting->arena, size);
}

struct arena *lasting_arena(void) {
    return &lasting->arena;
}
