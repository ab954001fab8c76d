/* SPDX-License-Identifier: MIT */
/*
 * The heap's books: which blocks there are in each region.
 *
 * A region is filled from its start upwards, so its blocks are sorted by address, and the books
 * lie elsewhere, where no overflow reaches them.
 */
#ifndef HAZARD_EXPLORE_RUNTIME_BLOCKS_H
#define HAZARD_EXPLORE_RUNTIME_BLOCKS_H

#include "explore/runtime/places.h"

enum { BLOCK_ALIGN = 16, BLOCK_CLASSES = 64 };

enum block_state { BLOCK_LIVE, BLOCK_FREED };

/* Where the program was when it allocated or freed a block. */
struct block_event {
    uint64_t pc;
    uint32_t stack;
    uint32_t time; /* of the race detector's clocks */
    int32_t actor;
};

struct block {
    uintptr_t start;
    size_t size;     /* as asked for */
    size_t capacity; /* what it may grow to when it is used again */
    struct block_event made, freed;
    uint32_t next; /* freed later, among those of its class: index + 1 */
    uint8_t state; /* enum block_state */
    bool hidden;   /* part of a library's hidden state: no program's access can reach it */
};

struct region_books {
    uintptr_t next; /* where the next block may start */
    uint32_t count; /* of blocks */
    uint32_t last;  /* where the last look-up ended */
    bool mapped;
    uint32_t kept; /* blocks made before main, and how far they reach */
    uintptr_t kept_next;
    size_t quarantine; /* bytes that the region's own actor freed */
    struct {
        uint32_t oldest, newest; /* index + 1; 0: none */
    } freed[BLOCK_CLASSES];      /* by the logarithm of their capacity */
};

struct heap_books {
    struct region_books regions[REGION_COUNT];
    int used; /* regions in use are below it, but for the runtime's own */
    bool kept;
    struct block *blocks; /* made before main, as main found them */
};
#define heap_books ((struct heap_books *)BOOKS_ADDRESS)

static inline struct block *region_blocks(int region) {
    return (struct block *)(BLOCKS_ADDRESS + (uintptr_t)region * BLOCKS_SIZE);
}

static inline uintptr_t region_start(int region) {
    return HEAP_ADDRESS + (uintptr_t)region * HEAP_SIZE;
}

/* A new block there, zeroed unless it was used before; then *used is true. NULL: no memory. */
struct block *block_new(int region, size_t size, size_t alignment, bool *used);

/* Nobody may use it from now on. */
void block_freed(struct block *block, int region, const struct block_event *event);

/* The last block of the region that starts at or below the address; NULL: none. */
struct block *block_below(int region, uintptr_t address);

bool block_is_hidden(uintptr_t address);
void block_hide(uintptr_t address); /* what holds it is the library's own */

/* The block that holds the address; both 0: none does. */
void blocks_extent(uintptr_t address, uintptr_t *start, uintptr_t *end);

/* The region that the address lies in; -1: none that is in use. */
int blocks_region(uintptr_t address);

/* Before main: keeps what was allocated so far as every execution's start. Between executions:
 * back to that. */
void blocks_keep(void);
void blocks_rewind(void);
bool blocks_are_kept(void); /* after blocks_keep(); false also before the first allocation */

/* The pages that hold what was kept, for rewind.c to bring back. */
void blocks_kept(char **start, char **end);

/* Enough was freed: its blocks serve again. */
bool blocks_are_reused(int region);

/* A hash of all that is allocated: for the detection of recurring states. */
uint64_t blocks_hash(uint64_t hash);

#endif
