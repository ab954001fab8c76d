/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * Each actor has 32 GiB of addresses, taken from the kernel at its first allocation. A block is
 * cut from the front of what is unused, behind a red zone that grows with the block's size, so
 * that an address depends on nothing but what the actor itself allocated before. A freed block is
 * in quarantine: not used again until the actor has freed QUARANTINE bytes of its own, and then
 * the oldest of about the same size goes first. What other actors freed in its region is never
 * used again within an execution: when they did is chance.
 *
 * Between executions all of it goes back: the blocks made before main (by libc and constructors)
 * are rewound like the program's variables (rewind.c), everything behind them is zeroed.
 */
#include "explore/runtime/base.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/blocks.h"
#include "explore/runtime/hash.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/places.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/unsupported.h"

enum { PAGE = 4096, RED_ZONE = 32, RED_ZONE_MOST = 2048, RED_ZONE_PART = 8 };
#define QUARANTINE ((size_t)256 << 20)
#define ZERO_BY_HAND ((size_t)256 << 10) /* more is given back to the kernel instead */
#define LARGE ((size_t)32 << 20) /* from here on worth pages of 2 MiB, if the kernel has some */
#define BLOCKS_MOST (BLOCKS_SIZE / sizeof(struct block))

static uintptr_t round_up(uintptr_t value, size_t alignment) {
    return (value + alignment - 1) & ~(uintptr_t)(alignment - 1);
}

static int class_of(size_t capacity) {
    return 63 - __builtin_clzl(capacity | 1);
}

/* --- regions --- */

static bool books_mapped;

bool blocks_are_kept(void) {
    return books_mapped && heap_books->kept;
}

static bool region_map(int region) {
    if (!books_mapped && !place_map(BOOKS_ADDRESS, sizeof *heap_books))
        return false;
    books_mapped = true;
    struct region_books *mine = &heap_books->regions[region];
    if (mine->mapped)
        return true;
    if (!place_map(region_start(region), HEAP_SIZE) ||
        !place_map(BLOCKS_ADDRESS + (uintptr_t)region * BLOCKS_SIZE, BLOCKS_SIZE))
        return false;
    mine->mapped = true;
    mine->next = mine->kept_next = region_start(region);
    if (region < OP_ACTORS && region >= heap_books->used)
        heap_books->used = region + 1;
    return true;
}

int blocks_region(uintptr_t address) {
    uintptr_t region = (address - HEAP_ADDRESS) / HEAP_SIZE;
    return region < REGION_COUNT && books_mapped && heap_books->regions[region].mapped ? (int)region
                                                                                       : -1;
}

/* --- blocks --- */

static size_t red_zone(size_t size) {
    size_t zone = RED_ZONE + size / RED_ZONE_PART;
    return zone < RED_ZONE_MOST ? zone : RED_ZONE_MOST;
}

/* The oldest freed block of that class, if it is large enough and enough was freed since. */
static struct block *block_again(int region, size_t size, size_t alignment) {
    struct region_books *books = &heap_books->regions[region];
    if (books->quarantine <= QUARANTINE)
        return NULL;
    int class = class_of(round_up(size, BLOCK_ALIGN));
    uint32_t index = books->freed[class].oldest;
    struct block *block = index == 0 ? NULL : &region_blocks(region)[index - 1];
    if (block == NULL || block->capacity < size || (block->start & (alignment - 1)) != 0)
        return NULL;
    books->freed[class].oldest = block->next;
    if (block->next == 0)
        books->freed[class].newest = 0;
    books->quarantine -= block->capacity;
    return block;
}

static struct block *block_cut(int region, size_t size, size_t alignment) {
    struct region_books *books = &heap_books->regions[region];
    size_t capacity = round_up(size, BLOCK_ALIGN);
    uintptr_t start = round_up(books->next + red_zone(size), alignment);
    uintptr_t next = start + capacity + red_zone(size);
    if (start < books->next || next < start || next > region_start(region) + HEAP_SIZE ||
        books->count == BLOCKS_MOST)
        return NULL;
    struct block *block = &region_blocks(region)[books->count++];
    books->next = next;
    if (capacity >= LARGE)
        system_call(SYS_madvise, (long)round_up(start, PAGE), (long)(capacity & ~4095UL) - PAGE,
                    MADV_HUGEPAGE, 0, 0, 0);
    *block = (struct block){.start = start, .capacity = capacity};
    return block;
}

struct block *block_new(int region, size_t size, size_t alignment, bool *used) {
    if (size > HEAP_SIZE || !region_map(region))
        return NULL;
    struct block *block = block_again(region, size, alignment);
    *used = block != NULL;
    if (block == NULL)
        block = block_cut(region, size, alignment);
    if (block == NULL)
        return NULL;
    block->size = size;
    block->state = BLOCK_LIVE;
    return block;
}

static void zero(uintptr_t from, uintptr_t to) {
    uintptr_t page = round_up(from, PAGE), last = to & ~(uintptr_t)(PAGE - 1);
    if (to - from <= ZERO_BY_HAND) {
        memset((void *)from, 0, to - from);
        return;
    }
    memset((void *)from, 0, page - from);
    system_call(SYS_madvise, (long)page, (long)(last - page), MADV_DONTNEED, 0, 0, 0);
    memset((void *)last, 0, to - last);
}

/* Freed pages need not stay in memory; what was there before main must. */
static void give_back(const struct block *block, int region) {
    uintptr_t from = round_up(block->start, PAGE), to = (block->start + block->capacity) & ~4095UL;
    if (block->capacity >= ZERO_BY_HAND && block->start >= heap_books->regions[region].kept_next)
        system_call(SYS_madvise, (long)from, (long)(to - from), MADV_DONTNEED, 0, 0, 0);
}

/* What is freed is the same in all states: zero. */
static void clear(const struct block *block, int region) {
    if (block->start >= heap_books->regions[region].kept_next)
        zero(block->start, block->start + block->size);
}

static const struct block *block_with(uintptr_t address) {
    int region = blocks_region(address);
    const struct block *block = region < 0 ? NULL : block_below(region, address);
    return block != NULL && address - block->start < block->size ? block : NULL;
}

void block_hide(uintptr_t address) {
    int region = blocks_region(address);
    struct block *block = region < 0 ? NULL : block_below(region, address);
    if (block != NULL)
        block->hidden = true;
}

bool block_is_hidden(uintptr_t address) {
    const struct block *block = block_with(address);
    return block != NULL && block->hidden;
}

void blocks_extent(uintptr_t address, uintptr_t *start, uintptr_t *end) {
    const struct block *block = block_with(address);
    *start = block == NULL ? 0 : block->start;
    *end = block == NULL ? 0 : block->start + block->size;
}

void block_freed(struct block *block, int region, const struct block_event *event) {
    struct region_books *books = &heap_books->regions[region];
    block->state = BLOCK_FREED;
    clear(block, region);
    block->freed = *event;
    block->next = 0;
    give_back(block, region);
    if (event->actor != region || !heap_books->kept)
        return;
    uint32_t index = (uint32_t)(block - region_blocks(region)) + 1;
    int class = class_of(block->capacity);
    if (books->freed[class].newest != 0)
        region_blocks(region)[books->freed[class].newest - 1].next = index;
    else
        books->freed[class].oldest = index;
    books->freed[class].newest = index;
    books->quarantine += block->capacity;
}

struct block *block_below(int region, uintptr_t address) {
    struct region_books *books = &heap_books->regions[region];
    struct block *blocks = region_blocks(region);
    uint32_t low = 0, high = books->count; /* the answer + 1 lies in [low, high] */
    if (books->last < books->count && blocks[books->last].start <= address) {
        low = books->last + 1;
        if (low == books->count || blocks[low].start > address)
            return &blocks[books->last];
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (blocks[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return NULL;
    books->last = low - 1;
    return &blocks[low - 1];
}

/* --- rewinding --- */

void blocks_keep(void) {
    if (!region_map(0) || !region_map(REGION_RUNTIME))
        unsupported(0, SAY_NO_HEAP_MEMORY);
    struct region_books *books = &heap_books->regions[0];
    heap_books->blocks = lasting_new(books->count * sizeof(struct block) + 1);
    books->kept = books->count;
    books->kept_next = books->next;
    memcpy(heap_books->blocks, region_blocks(0), books->count * sizeof(struct block));
    heap_books->kept = true;
}

void blocks_kept(char **start, char **end) {
    *start = (char *)region_start(0);
    *end = (char *)round_up(heap_books->regions[0].kept_next, PAGE);
}

static void region_rewind(int region) {
    struct region_books *books = &heap_books->regions[region];
    if (books->next > books->kept_next)
        zero(books->kept_next, books->next);
    books->next = books->kept_next;
    books->count = books->kept;
    books->last = 0;
    if (books->quarantine > 0)
        memset(books->freed, 0, sizeof books->freed);
    books->quarantine = 0;
}

void blocks_rewind(void) {
    for (int region = 0; region < heap_books->used; region++)
        region_rewind(region);
    memcpy(region_blocks(0), heap_books->blocks,
           heap_books->regions[0].kept * sizeof(struct block));
}

/* --- for recurring states --- */

bool blocks_are_reused(int region) {
    return heap_books->regions[region].quarantine > QUARANTINE;
}

static uint64_t region_hash(int region, uint64_t hash) {
    const struct region_books *books = &heap_books->regions[region];
    const struct block *blocks = region_blocks(region);
    hash = hash_bytes(hash, &books->next, sizeof books->next);
    for (uint32_t i = 0; i < books->count; i++)
        if (blocks[i].state == BLOCK_LIVE)
            hash = hash_bytes(hash ^ i, (const void *)blocks[i].start, blocks[i].size);
        else if (books->quarantine >
                 QUARANTINE) /* what is freed may be used again, in that order */
            hash = hash_bytes(hash ^ i, &blocks[i].next, sizeof blocks[i].next);
    hash = hash_bytes(hash, &books->quarantine, sizeof books->quarantine);
    return hash_bytes(hash, books->freed, sizeof books->freed);
}

uint64_t blocks_hash(uint64_t hash) {
    for (int region = 0; region < heap_books->used; region++)
        if (heap_books->regions[region].mapped)
            hash = region_hash(region, hash);
    return hash;
}
