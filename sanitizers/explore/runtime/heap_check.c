/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with an access to the heap: the block was freed, the access goes beyond it, or its
 * allocation is not ordered before the access (the thread came by the pointer without
 * synchronising).
 */
#include "explore/runtime/base.h"

#include "explore/runtime/blocks.h"
#include "explore/runtime/clocks.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/found.h"
#include "explore/runtime/heap_check.h"
#include "explore/runtime/race.h"
#include "explore/runtime/text.h"
#include "report/kind.h"

static void context(struct shared_finding *finding, const struct block_event *event,
                    const char *what, const struct block *block) {
    char doing[64];
    text_format(doing, sizeof doing, "block of %lu byte%s %s here", block->size,
                block->size == 1 ? "" : "s", what);
    finding_at(finding, event->actor, event->stack, event->pc, doing, NULL)->context = 1;
}

static void explain(struct shared_finding *finding, const struct block *block) {
    context(finding, &block->made, "allocated", block);
    if (block->state == BLOCK_FREED)
        context(finding, &block->freed, "freed", block);
}

void heap_explain(struct shared_finding *finding, uintptr_t address) {
    int region = blocks_region(address);
    const struct block *block = region < 0 ? NULL : block_below(region, address);
    if (block != NULL && address < block->start + block->size)
        explain(finding, block);
}

struct heap_access {
    uintptr_t address;
    size_t size;
    uintptr_t pc;
    const char *what; /* "write" */
};

_Noreturn static void freed(const struct block *block, const struct heap_access *access) {
    struct shared_finding finding;
    char doing[64];
    text_format(doing, sizeof doing, "%s of %lu byte%s", access->what, access->size,
                access->size == 1 ? "" : "s");
    finding_start(&finding, KIND_USE_AFTER_FREE, "use after free: %s, %lu bytes into a freed block",
                  doing, access->address - block->start);
    finding_at(&finding, self->id, self->stack, access->pc, doing, NULL);
    explain(&finding, block);
    found(&finding);
}

/* "8 bytes after", "before"... the block that is nearest. */
_Noreturn static void beyond(const struct block *block, const struct heap_access *access) {
    struct shared_finding finding;
    uintptr_t end = block->start + block->size;
    bool below = access->address < block->start;
    uintptr_t distance = below                    ? block->start - access->address
                         : access->address >= end ? access->address - end
                                                  : 0;
    char doing[64];
    text_format(doing, sizeof doing, "%s of %lu byte%s", access->what, access->size,
                access->size == 1 ? "" : "s");
    finding_start(&finding, KIND_HEAP_OVERFLOW, "heap overflow: %s, %lu byte%s %s a block of %lu",
                  doing, distance, distance == 1 ? "" : "s", below ? "before" : "after",
                  block->size);
    finding_at(&finding, self->id, self->stack, access->pc, doing, NULL);
    explain(&finding, block);
    found(&finding);
}

_Noreturn static void nowhere(const struct heap_access *access) {
    struct shared_finding finding;
    finding_start(&finding, KIND_HEAP_OVERFLOW, "%s of %lu bytes of the heap that nobody allocated",
                  access->what, access->size);
    finding_at(&finding, self->id, self->stack, access->pc, access->what, NULL);
    found(&finding);
}

/* Between two blocks: whose red zone is it? */
static const struct block *nearest(int region, const struct block *below, uintptr_t address) {
    const struct block *blocks = region_blocks(region);
    uint32_t count = heap_books->regions[region].count;
    const struct block *above = below == NULL ? blocks : below + 1;
    if (above == blocks + count)
        return below;
    if (below == NULL || above->start - address < address - (below->start + below->size))
        return above;
    return below;
}

_Noreturn static void wrong(int region, const struct block *block,
                            const struct heap_access *access) {
    bool inside = block != NULL && access->address < block->start + block->size;
    if (inside && block->state == BLOCK_FREED)
        freed(block, access);
    if (!inside)
        block = nearest(region, block, access->address);
    if (block == NULL)
        nowhere(access);
    beyond(block, access);
}

void heap_check(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    const struct heap_access access = {address, size, pc, write ? "write" : "read"};
    int region = blocks_region(address);
    if (region < 0)
        nowhere(&access);
    const struct block *block = block_below(region, address);
    if (block == NULL || address - block->start >= block->size ||
        size > block->size - (address - block->start) || block->state == BLOCK_FREED)
        wrong(region, block, &access);
    const struct block_event *made = &block->made;
    if (!clock_happened(made->actor, made->time))
        race_with_allocation(address, size, write, pc, made->actor, made->stack, made->pc);
}
