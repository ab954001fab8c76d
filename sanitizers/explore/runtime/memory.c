/* SPDX-License-Identifier: MIT */
/*
 * Two regions at fixed addresses, each with a pointer that grows. The pointers are static variables:
 * rewinding them is forgetting.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/memory.h"
#include "explore/runtime/places.h"
#include "explore/runtime/unsupported.h"

enum { REGION = 1 << 30 };
#define SCRATCH_ADDRESS (EXECUTION_ADDRESS + REGION)

static char *execution_next = (char *)EXECUTION_ADDRESS;
static char *scratch_next = (char *)SCRATCH_ADDRESS;

void memory_map(void) {
    place_take(EXECUTION_ADDRESS, 2 * (size_t)REGION);
}

static void *grow(char **next, uintptr_t region, size_t size) {
    char *block = *next;
    size = (size + 15) & ~(size_t)15;
    if ((uintptr_t)block + size > region + REGION)
        unsupported_number(0, SAY_BOOKKEEPING, REGION >> 20);
    *next = block + size;
    return memset(block, 0, size);
}

void *memory_new(size_t size) {
    return grow(&execution_next, EXECUTION_ADDRESS, size);
}

void *memory_scratch(size_t size) {
    return grow(&scratch_next, SCRATCH_ADDRESS, size);
}

void memory_extent(char **start, size_t *size) {
    *start = (char *)EXECUTION_ADDRESS;
    *size = (size_t)(execution_next - *start);
}
