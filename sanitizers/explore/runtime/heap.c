/* SPDX-License-Identifier: MIT */
/*
 * malloc and its family, for the program and for libc. They work at any time: before main and
 * before the runtime itself has begun, blocks come from the first region and stay; what the
 * runtime's kernel makes libc allocate later comes from a region of its own, which is never
 * rewound.
 *
 * Fresh memory from malloc is not zero up to FILLED bytes, so that reading it before it is written
 * shows. Beyond, and from calloc, it is zero, which costs nothing.
 *
 * An allocation is no step: nobody else's allocations change what it returns.
 */
#include "explore/runtime/base.h"

#include <errno.h>

#include "explore/runtime/audit/follow.h"
#include "explore/runtime/blocks.h"
#include "explore/runtime/clocks.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/found.h"
#include "explore/runtime/heap_check.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/past.h"
#include "explore/runtime/places.h"
#include "explore/runtime/race.h"
#include "report/kind.h"

enum { FILL = 0xbe, FILLED = 4096, PAGE = 4096 };

enum content { CONTENT_ANY, CONTENT_ZERO };

static bool in_program(void) {
    return exploring && self != NULL && !lasting->in_kernel;
}

static int own_region(void) {
    return !blocks_are_kept() ? 0 : in_program() ? self->id : REGION_RUNTIME;
}

static struct block_event event_here(uintptr_t pc) {
    if (!in_program())
        return (struct block_event){.actor = -1, .pc = pc};
    const struct follow *caller = follow_caller(pc);
    if (caller != NULL)
        pc = caller->pc;
    self->writes++; /* the heap is another one now: recur.c */
    return (struct block_event){pc, self->stack, clock_time(), self->id};
}

/* NULL, with errno set: no memory. */
static void *allocate(size_t size, size_t alignment, enum content content, uintptr_t pc) {
    bool used;
    struct block *block = block_new(own_region(), size, alignment, &used);
    if (block == NULL) {
        errno = ENOMEM;
        return NULL;
    }
    block->made = event_here(pc);
    if (in_program())
        past_made(block->start);
    block->hidden = in_program() && follow_hides();
    void *memory = (void *)block->start;
    if (used)
        memset(memory, 0, size);
    if (content == CONTENT_ANY && size <= FILLED)
        memset(memory, FILL, size);
    return memory;
}

/* --- free --- */

_Noreturn static void invalid(const void *memory, enum message_text what, uintptr_t pc) {
    struct shared_finding finding;
    finding_start(&finding, KIND_API_MISUSE);
    message_add(&finding.message, PART(what));
    message_add(&finding.message, PART(SAY_NO_START, (uintptr_t)memory));
    finding_at(&finding, self->id, self->stack, pc, DOING(PART(what)));
    heap_explain(&finding, (uintptr_t)memory);
    found(&finding);
}

_Noreturn static void again(const void *memory, enum message_text what, uintptr_t pc) {
    struct shared_finding finding;
    finding_start(&finding, KIND_USE_AFTER_FREE);
    message_add(&finding.message,
                PART(what == SAY_FREE ? SAY_FREED_TWICE : SAY_REALLOC_FREED, (uintptr_t)memory));
    finding_at(&finding, self->id, self->stack, pc, DOING(PART(what)));
    heap_explain(&finding, (uintptr_t)memory);
    found(&finding);
}

/* The live block that starts there. If there is none: a finding within the program, NULL before
 * it. */
static struct block *block_at(const void *memory, enum message_text what, uintptr_t pc) {
    int region = blocks_region((uintptr_t)memory);
    struct block *block = region < 0 ? NULL : block_below(region, (uintptr_t)memory);
    bool starts = block != NULL && block->start == (uintptr_t)memory;
    if (starts && block->state == BLOCK_LIVE)
        return block;
    if (in_program() && starts)
        again(memory, what, pc);
    if (in_program())
        invalid(memory, what, pc);
    return NULL;
}

static void release(const void *memory, enum message_text what, uintptr_t pc) {
    struct block *block = block_at(memory, what, pc);
    if (block == NULL)
        return;
    if (in_program() && !block->hidden) {
        race_before_free(block->start, block->size, pc);
        block = block_at(memory, what, pc); /* others may have moved */
        if (!clock_happened(block->made.actor, block->made.time))
            race_with_allocation(block->start, 0, true, pc, block->made.actor, block->made.stack,
                                 block->made.pc);
        race_free(block->start, block->size, pc);
    }
    struct block_event event = event_here(pc);
    block_freed(block, blocks_region(block->start), &event);
}

/* --- the family --- */

EXPORT void *malloc(size_t size);
EXPORT void *calloc(size_t count, size_t size);
EXPORT void *realloc(void *memory, size_t size);
EXPORT void *reallocarray(void *memory, size_t count, size_t size);
EXPORT void free(void *memory);
EXPORT void *memalign(size_t alignment, size_t size);
EXPORT void *aligned_alloc(size_t alignment, size_t size);
EXPORT int posix_memalign(void **memory, size_t alignment, size_t size);
EXPORT void *valloc(size_t size);
EXPORT void *pvalloc(size_t size);
EXPORT size_t malloc_usable_size(void *memory);

void *malloc(size_t size) {
    return allocate(size, BLOCK_ALIGN, CONTENT_ANY, CALLER());
}

void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        bytes = SIZE_MAX; /* more than there is */
    return allocate(bytes, BLOCK_ALIGN, CONTENT_ZERO, CALLER());
}

void free(void *memory) {
    if (memory != NULL)
        release(memory, SAY_FREE, CALLER());
}

/* Always moves, so that old pointers show. */
static void *resize(void *memory, size_t size, uintptr_t pc) {
    if (memory == NULL)
        return allocate(size, BLOCK_ALIGN, CONTENT_ANY, pc);
    if (size == 0) {
        release(memory, SAY_REALLOC, pc);
        return NULL;
    }
    const struct block *old = block_at(memory, SAY_REALLOC, pc);
    void *larger = old == NULL ? NULL : allocate(size, BLOCK_ALIGN, CONTENT_ANY, pc);
    if (larger == NULL)
        return NULL;
    size_t common = old->size < size ? old->size : size;
    race_access((uintptr_t)memory, common, false, pc);
    memcpy(larger, memory, common);
    release(memory, SAY_REALLOC, pc);
    return larger;
}

void *realloc(void *memory, size_t size) {
    return resize(memory, size, CALLER());
}

void *reallocarray(void *memory, size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        bytes = SIZE_MAX;
    return resize(memory, bytes, CALLER());
}

static bool is_power_of_two(size_t number) {
    return number != 0 && (number & (number - 1)) == 0;
}

static void *allocate_aligned(size_t alignment, size_t size, uintptr_t pc) {
    if (!is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    return allocate(size, alignment < BLOCK_ALIGN ? BLOCK_ALIGN : alignment, CONTENT_ANY, pc);
}

void *memalign(size_t alignment, size_t size) {
    return allocate_aligned(alignment, size, CALLER());
}

void *aligned_alloc(size_t alignment, size_t size) {
    return allocate_aligned(alignment, size, CALLER());
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
    if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0)
        return EINVAL;
    int before = errno;
    void *block = allocate_aligned(alignment, size, CALLER());
    errno = before;
    if (block == NULL)
        return ENOMEM;
    race_access((uintptr_t)memory, sizeof *memory, true, CALLER());
    *memory = block;
    return 0;
}

void *valloc(size_t size) {
    return allocate_aligned(PAGE, size, CALLER());
}

void *pvalloc(size_t size) {
    return allocate_aligned(PAGE, (size + PAGE - 1) & ~(size_t)(PAGE - 1), CALLER());
}

size_t malloc_usable_size(void *memory) {
    const struct block *block = memory == NULL ? NULL : block_at(memory, SAY_USABLE_SIZE, CALLER());
    return block == NULL ? 0 : block->size;
}
