/* SPDX-License-Identifier: MIT */
/*
 * An arena hands out blocks of 2^k bytes, k >= 4. A block that is given back goes to the list of
 * its size and from there to the next who asks for that size; new blocks come from the untouched
 * rest of the region. So the region holds, of each size, as many blocks as were ever in use at
 * once.
 *
 * Pointers are plain addresses: processes that share an arena have it mapped at the same place.
 */
#include "explore/search/arena.h"

#include <string.h>

enum { SMALLEST = 4 }; /* a block of the first class has 2^4 bytes */

static int class_of(size_t size) {
    return size <= (1U << SMALLEST) ? 0 : 64 - __builtin_clzl(size - 1) - SMALLEST;
}

void arena_init(struct arena *arena, void *region, size_t size, void (*exhausted)(void)) {
    memset(arena, 0, sizeof *arena);
    uintptr_t start = (uintptr_t)region, aligned = (start + 15) & ~(uintptr_t)15;
    arena->next = (char *)region + (aligned - start);
    arena->end = (char *)region + size;
    arena->exhausted = exhausted;
}

static void *take_new(struct arena *arena, int class) {
    size_t size = (size_t)1 << (class + SMALLEST);
    if (class >= ARENA_CLASSES || (size_t)(arena->end - arena->next) < size)
        arena->exhausted();
    void *block = arena->next;
    arena->next += size;
    return block;
}

void *arena_new(struct arena *arena, size_t size) {
    int class = class_of(size);
    void *block = class < ARENA_CLASSES ? arena->free[class] : NULL;
    if (block != NULL) {
        memcpy(&arena->free[class], block, sizeof(void *));
    } else {
        block = take_new(arena, class);
        if (arena->fresh) /* a page that nobody touches costs nothing */
            return block;
    }
    return memset(block, 0, size);
}

void arena_free(struct arena *arena, void *block, size_t size) {
    if (block == NULL)
        return;
    int class = class_of(size);
    memcpy(block, &arena->free[class], sizeof(void *));
    arena->free[class] = block;
}

void arena_lock(struct arena *arena) {
    enum { LONG = 100 };
    while (__atomic_exchange_n(&arena->lock, 1, __ATOMIC_ACQUIRE) != 0)
        for (int turns = 1; __atomic_load_n(&arena->lock, __ATOMIC_RELAXED) != 0; turns++)
            if (turns % LONG == 0 && arena->wait != NULL)
                arena->wait(); /* who has it may wait for this processor */
            else
                __builtin_ia32_pause();
}

void arena_unlock(struct arena *arena) {
    __atomic_store_n(&arena->lock, 0, __ATOMIC_RELEASE);
}
