/* SPDX-License-Identifier: MIT */
#include "bench/calls/reach.h"

#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "bench/calls/inputs.h"

char reach[REACH_SIZE] __attribute__((aligned(4096)));
uint8_t reach_marks[REACH_SIZE];

static size_t inputs_used = 4096, heap_used;

enum { BLOCKS = 1 << 16, MAPS = 512 };
static struct block {
    uint32_t start, size;
    uint8_t owner;
    bool fresh;
} blocks[BLOCKS];
static int block_count, fresh_from = BLOCKS;

/* --- the inputs --- */

void *space(size_t size) {
    void *made = reach + inputs_used;
    inputs_used += (size + 15 + 64) & ~(size_t)15; /* a gap between any two */
    if (inputs_used > REACH_INPUTS)
        abort();
    return made;
}

void *filled(size_t size) {
    return memset(space(size), 'x', size);
}

void *copy(const void *from, size_t size) {
    return memcpy(space(size), from, size);
}

char *text(const char *words) {
    return copy(words, strlen(words) + 1);
}

wchar_t *wide(const wchar_t *words) {
    return copy(words, (wcslen(words) + 1) * sizeof *words);
}

size_t reach_used_inputs(void) {
    return inputs_used + 64;
}

size_t reach_used(void) {
    return REACH_INPUTS + heap_used;
}

/* --- the heap: it only grows, and keeps no books in between --- */

static void *allocate(size_t size, size_t alignment, uintptr_t caller) {
    heap_used = (heap_used + alignment - 1) & ~(alignment - 1);
    if (block_count == BLOCKS || size > REACH_HEAP - heap_used - 64) {
        errno = ENOMEM;
        return NULL;
    }
    blocks[block_count] = (struct block){(uint32_t)(REACH_INPUTS + heap_used), (uint32_t)size,
                                         reach_is_ours(caller) ? OWNER_PROGRAM : OWNER_LIBRARY,
                                         block_count >= fresh_from};
    block_count++;
    void *made = reach + REACH_INPUTS + heap_used;
    heap_used += size + 16;
    return made;
}

static struct block *block_of(uintptr_t address) {
    uint32_t at = (uint32_t)(address - (uintptr_t)reach);
    int low = 0, high = block_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (blocks[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NULL : &blocks[low - 1];
}

#define CALLER ((uintptr_t)__builtin_return_address(0))

void *malloc(size_t size) {
    return allocate(size, 16, CALLER);
}

void *calloc(size_t count, size_t size) {
    return allocate(count * size, 16, CALLER); /* nothing is used twice */
}

void *realloc(void *old, size_t size) {
    struct block *block = old == NULL ? NULL : block_of((uintptr_t)old);
    size_t before = block == NULL ? 0 : block->size;
    char *made = allocate(size, 16, CALLER);
    for (size_t i = 0; made != NULL && i < before && i < size; i++)
        made[i] = ((volatile char *)old)[i];
    return made;
}

void free(void *old) {
    (void)old;
}

void *memalign(size_t alignment, size_t size) {
    return allocate(size, alignment, CALLER);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return allocate(size, alignment, CALLER);
}

int posix_memalign(void **made, size_t alignment, size_t size) {
    *made = allocate(size, alignment, CALLER);
    return *made == NULL ? ENOMEM : 0;
}

/* --- who can reach what --- */

static struct map {
    uintptr_t start, end;
    bool writable;
} maps[MAPS];
static int map_count;
static struct map own_code, loader_code;
static uintptr_t tls_start, tls_end;

static int look_at_object(struct dl_phdr_info *object, size_t size, void *argument) {
    (void)size;
    bool *first = argument;
    bool is_loader = object->dlpi_addr == getauxval(AT_BASE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        const uintptr_t start = object->dlpi_addr + segment->p_vaddr;
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0)
            continue;
        if (*first)
            own_code = (struct map){start, start + segment->p_memsz, false};
        if (is_loader)
            loader_code = (struct map){start, start + segment->p_memsz, false};
    }
    *first = false;
    return 0;
}

/* As they are now: what is mapped within the call is its own. */
static void read_maps(void) {
    FILE *file = fopen("/proc/self/maps", "r");
    char line[512], mode[8];
    unsigned long start, end;
    while (fgets(line, sizeof line, file) != NULL && map_count < MAPS)
        if (sscanf(line, "%lx-%lx %7s", &start, &end, mode) == 3)
            maps[map_count++] = (struct map){start, end, mode[1] == 'w'};
    fclose(file);
}

void reach_start(void) {
    bool first = true;
    dl_iterate_phdr(look_at_object, &first);
    read_maps();
    tls_end = (uintptr_t)__builtin_thread_pointer() + 4096; /* struct pthread */
    tls_start = (uintptr_t)__builtin_thread_pointer() - 4096;
}

void reach_begin(void) {
    fresh_from = block_count;
}

bool reach_is_ours(uintptr_t pc) {
    return pc >= own_code.start && pc < own_code.end;
}

bool reach_is_loader(uintptr_t pc) {
    return pc >= loader_code.start && pc < loader_code.end;
}

bool reach_has(uintptr_t address) {
    return address >= (uintptr_t)reach && address < (uintptr_t)reach + REACH_SIZE;
}

bool reach_is_environment(uintptr_t address) {
    extern char **environ;
    return address == (uintptr_t)&environ;
}

static enum owner owner_of_block(uintptr_t address) {
    const struct block *block = block_of(address);
    if (block == NULL)
        return OWNER_PROGRAM;
    return block->fresh ? OWNER_NOBODY : (enum owner)block->owner;
}

enum owner reach_owner(uintptr_t address, bool write) {
    if (reach_has(address))
        return address - (uintptr_t)reach < REACH_INPUTS ? OWNER_PROGRAM : owner_of_block(address);
    if (address >= tls_start && address < tls_end)
        return OWNER_NOBODY;
    for (int i = 0; i < map_count; i++)
        if (address >= maps[i].start && address < maps[i].end)
            return maps[i].writable || write ? OWNER_LIBRARY : OWNER_NOBODY;
    return OWNER_NOBODY;
}

void reach_mark(uintptr_t address, size_t size, int marks) {
    for (size_t i = 0; i < size && reach_has(address + i); i++)
        reach_marks[address + i - (uintptr_t)reach] |= (uint8_t)marks;
}
