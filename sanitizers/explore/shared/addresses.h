/* SPDX-License-Identifier: MIT */
/* Where an actor's heap and stack lie: as its number says, in every execution. */
#ifndef HAZARD_EXPLORE_SHARED_ADDRESSES_H
#define HAZARD_EXPLORE_SHARED_ADDRESSES_H

#include <stdint.h>

#define HEAP_ADDRESS ((uintptr_t)0x200000000000) /* one HEAP_SIZE for each actor */
#define HEAP_SIZE ((uintptr_t)1 << 35)
#define STACK_ADDRESS ((uintptr_t)0x300000000000) /* one STACK_SPACE for each actor */
#define STACK_SPACE ((uintptr_t)1 << 26)

/* How far an actor's own memory is from where it could begin: at the same distance all actors' would take turns in the
 * same few lines of a cache. */
static inline uintptr_t actor_colour(int actor) {
    enum { COLOURS = 16, COLOUR = 4096 + 320 };
    return (uintptr_t)(actor % COLOURS) * COLOUR;
}

/* The upper end of its stack. */
static inline uintptr_t stack_top(int actor) {
    return STACK_ADDRESS + (uintptr_t)(actor + 1) * STACK_SPACE - actor_colour(actor);
}

#endif
