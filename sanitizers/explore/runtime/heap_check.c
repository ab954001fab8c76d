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
#include "explore/runtime/past.h"
#include "explore/runtime/race.h"
#include "report/kind.h"

static void context(struct shared_finding *finding, const struct block_event *event,
                    enum message_text what, const struct block *block) {
    finding_at(finding, event->actor, event->stack, event->pc, DOING(PART(what, block->size)))
        ->context = 1;
}

static void explain(struct shared_finding *finding, const struct block *block) {
    context(finding, &block->made, SAY_BLOCK_ALLOCATED, block);
    if (block->state == BLOCK_FREED)
        context(finding, &block->freed, SAY_BLOCK_FREED, block);
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
    bool write;
    const struct message_part *object; /* "mutex @", which is used; NULL: plain memory */
};

static struct message_part access_said(const struct heap_access *access) {
    if (access->object != NULL)
        return *access->object;
    return PART(access->write ? SAY_WRITE : SAY_READ, access->size);
}

/* The access is wrong: its size, and how. `block`: whose history explains it. */
_Noreturn static void wrong_by(const struct heap_access *access, int kind, struct message_part how,
                               const struct block *block) {
    struct shared_finding finding;
    finding_start(&finding, kind);
    if (access->object != NULL)
        message_add(&finding.message, PART(SAY_USE_OF));
    message_add(&finding.message, access_said(access));
    message_add(&finding.message, how);
    finding_at(&finding, self->id, self->stack, access->pc,
               access->object != NULL ? DOING(PART(SAY_USES), *access->object)
                                      : DOING(access_said(access)));
    explain(&finding, block);
    found(&finding);
}

_Noreturn static void freed(const struct block *block, const struct heap_access *access) {
    wrong_by(access, KIND_USE_AFTER_FREE, PART(SAY_INTO_FREED, access->address - block->start),
             block);
}

/* "8 bytes after", "before"... the block that is nearest. */
_Noreturn static void beyond(const struct block *block, const struct heap_access *access) {
    uintptr_t end = block->start + block->size;
    bool below = access->address < block->start;
    uintptr_t distance = below                    ? block->start - access->address
                         : access->address >= end ? access->address - end
                                                  : 0;
    wrong_by(access, KIND_HEAP_OVERFLOW,
             PART(below ? SAY_BEFORE_BLOCK : SAY_AFTER_BLOCK, distance, block->size), block);
}

_Noreturn static void nowhere(const struct heap_access *access) {
    struct shared_finding finding;
    finding_start(&finding, KIND_HEAP_OVERFLOW);
    message_add(&finding.message,
                PART(access->write ? SAY_WRITE_NOWHERE : SAY_READ_NOWHERE, access->size));
    finding_at(&finding, self->id, self->stack, access->pc,
               DOING(PART(access->write ? SAY_WRITE_ALONE : SAY_READ_ALONE)));
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

static void check(const struct heap_access *access) {
    uintptr_t address = access->address;
    size_t size = access->size;
    int region = blocks_region(address);
    if (region < 0)
        nowhere(access);
    const struct block *block = block_below(region, address);
    if (block == NULL || address - block->start >= block->size ||
        size > block->size - (address - block->start) || block->state == BLOCK_FREED)
        wrong(region, block, access);
    const struct block_event *made = &block->made;
    if (clocks->watched && made->actor != self->id)
        past_shares(block->start);
    if (!clock_happened(made->actor, made->time))
        race_with_allocation(address, size, access->write, access->pc, made->actor, made->stack,
                             made->pc);
}

void heap_check(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    check(&(struct heap_access){address, size, pc, write, NULL});
}

void heap_check_object(uintptr_t address, size_t size, struct message_part object, uintptr_t pc) {
    check(&(struct heap_access){address, size, pc, false, &object});
}
