/* SPDX-License-Identifier: MIT */
/*
 * Memory for the search, carved from one region that the caller provides; the region may be shared
 * between processes at the same address. Freed blocks are kept in lists by size class.
 */
#ifndef HAZARD_EXPLORE_SEARCH_ARENA_H
#define HAZARD_EXPLORE_SEARCH_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { ARENA_CLASSES = 32 };

struct arena {
    char *next, *end;
    void *free[ARENA_CLASSES]; /* powers of two from 16 bytes up */
    void (*exhausted)(void);   /* called when the region is full; does not return */
    void (*wait)(void); /* called while the lock is long in coming; NULL: nothing is to be done */
    uint32_t lock;      /* a spin lock; taken by those who share the arena */
    bool fresh;         /* the region was never written: what is new in it is zero */
};

void arena_init(struct arena *arena, void *region, size_t size, void (*exhausted)(void));
void *arena_new(struct arena *arena, size_t size); /* zeroed, aligned to 16 */
void arena_free(struct arena *arena, void *block, size_t size);

/* The array with room for `wanted` items at least: itself, or a copy that is twice as large. What is
 * new is zeroed. */
static inline void *arena_grow(struct arena *arena, void *array, size_t item, int *capacity,
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

/* Taken around everything that touches what several workers share. */
void arena_lock(struct arena *arena);
void arena_unlock(struct arena *arena);

#endif
