/* SPDX-License-Identifier: MIT */
/* Arrays that grow, in an arena. */
#ifndef HAZARD_EXPLORE_DPOR_GROW_H
#define HAZARD_EXPLORE_DPOR_GROW_H

#include <string.h>

#include "explore/search/arena.h"

/* The array with room for `wanted` items at least: itself, or a copy that is twice as large.
 * What is new is zeroed. */
static inline void *grow_array(struct arena *arena, void *array, size_t item, int *capacity,
                               int wanted) {
    if (wanted <= *capacity)
        return array;
    int larger = *capacity > 0 ? *capacity : 32;
    while (larger < wanted)
        larger *= 2;
    char *copy = arena_new(arena, (size_t)larger * item);
    if (array != NULL)
        memcpy(copy, array, (size_t)*capacity * item);
    arena_free(arena, array, (size_t)*capacity * item);
    *capacity = larger;
    return copy;
}

#endif
