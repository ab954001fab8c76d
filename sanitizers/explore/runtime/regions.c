/* SPDX-License-Identifier: MIT */
/*
 * The runtime's own memory: lasting (for ever), execution (state of the modelled world, forgotten
 * after the execution and part of what livelock detection compares), scratch (forgotten too, never
 * compared). Each is a region at a fixed address with a pointer that grows. The execution's
 * pointers are static variables: rewinding them is forgetting.
 */
#include "explore/runtime/base.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/lasting.h"

enum { REGION = 1 << 30 };
#define SCRATCH_ADDRESS (EXECUTION_ADDRESS + REGION)
#define LASTING_SIZE ((size_t)1 << 38)

static char *execution_next = (char *)EXECUTION_ADDRESS;
static char *scratch_next = (char *)SCRATCH_ADDRESS;

static void map(uintptr_t address, size_t size) {
    long result =
        system_call(SYS_mmap, (long)address, (long)size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (result != (long)address)
        system_call(SYS_exit_group, 70, 0, 0, 0, 0, 0);
}

static void lasting_full(void) {
    unsupported(0, "the search needs more than %d GiB of memory", (int)(LASTING_SIZE >> 30));
}

void memory_map(void) {
    map(LASTING_ADDRESS, LASTING_SIZE);
    map(EXECUTION_ADDRESS, 2 * (size_t)REGION);
    char *after = (char *)LASTING_ADDRESS + ((sizeof *lasting + 63) & ~(size_t)63);
    arena_init(&lasting->arena, after, LASTING_SIZE - sizeof *lasting - 64, lasting_full);
}

static void *grow(char **next, uintptr_t region, size_t size) {
    char *block = *next;
    size = (size + 15) & ~(size_t)15;
    if ((uintptr_t)block + size > region + REGION)
        unsupported(0, "one execution needs more than %d MiB of bookkeeping", REGION >> 20);
    *next = block + size;
    return memset(block, 0, size);
}

void *execution_new(size_t size) {
    return grow(&execution_next, EXECUTION_ADDRESS, size);
}

void *scratch_new(size_t size) {
    return grow(&scratch_next, SCRATCH_ADDRESS, size);
}

void execution_extent(char **start, size_t *size) {
    *start = (char *)EXECUTION_ADDRESS;
    *size = (size_t)(execution_next - *start);
}

void *lasting_new(size_t size) {
    return arena_new(&lasting->arena, size);
}

struct arena *lasting_arena(void) {
    return &lasting->arena;
}
