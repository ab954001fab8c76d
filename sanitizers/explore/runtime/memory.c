/* SPDX-License-Identifier: MIT */
/*
 * Three regions at fixed addresses: what is compared, notes, scratch. Places in the first two are given out
 * once, for all workers, by the table of names in `control`. The pointer of the third grows; it is a static
 * variable, so rewinding it is forgetting.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/control.h"
#include "explore/runtime/memory.h"
#include "explore/runtime/places.h"
#include "explore/runtime/unsupported.h"

enum { REGION = 1 << 30, COMPARED_REGION, NOTED_REGION };
#define NOTED_ADDRESS (EXECUTION_ADDRESS + REGION)
#define SCRATCH_ADDRESS (EXECUTION_ADDRESS + 2 * (uintptr_t)REGION)

static char *scratch_next = (char *)SCRATCH_ADDRESS;
static uintptr_t compared_end = EXECUTION_ADDRESS, noted_end = NOTED_ADDRESS; /* used so far */

void memory_map(void) {
    place_take(EXECUTION_ADDRESS, MEMORY_SIZE);
}

_Noreturn static void full(void) {
    unsupported_number(0, SAY_BOOKKEEPING, REGION >> 20);
}

static struct control_name *slot_of(enum memory_use use, uint64_t name) {
    uint64_t at =
        (name ^ (uint64_t)use << 56) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - CONTROL_NAMES_LOG);
    for (;; at = (at + 1) & (CONTROL_NAMES - 1)) {
        struct control_name *slot = &control->names[at];
        uint32_t place = __atomic_load_n(&slot->place, __ATOMIC_ACQUIRE);
        if (place == 0 || (slot->name == name && slot->use == (uint32_t)use))
            return slot;
    }
}

/* Where the next thing lies: 1 + the offset in its region, in units of 16 bytes. */
static uint32_t place_give(enum memory_use use, size_t size) {
    uint32_t *next = &control->names_next[use >= MEMORY_NOTES];
    uint32_t place = *next + 1, units = (uint32_t)((size + 15) / 16);
    if (++control->name_count > CONTROL_NAMES / 2 || *next + units > REGION / 16)
        full();
    *next += units;
    return place;
}

static uint32_t place_of(enum memory_use use, uint64_t name, size_t size) {
    struct control_name *slot = slot_of(use, name);
    if (slot->place != 0)
        return slot->place;
    arena_lock(&control->arena);
    slot = slot_of(use, name);
    if (slot->place == 0) {
        slot->name = name;
        slot->use = (uint32_t)use;
        __atomic_store_n(&slot->place, place_give(use, size), __ATOMIC_RELEASE);
    }
    arena_unlock(&control->arena);
    return slot->place;
}

static uintptr_t address_of(enum memory_use use, uint32_t place) {
    return (use >= MEMORY_NOTES ? NOTED_ADDRESS : EXECUTION_ADDRESS) + 16 * (uintptr_t)(place - 1);
}

void *memory_peek(enum memory_use use, uint64_t name) {
    uint32_t place = __atomic_load_n(&slot_of(use, name)->place, __ATOMIC_ACQUIRE);
    return place == 0 ? NULL : (void *)address_of(use, place);
}

void *memory_new(enum memory_use use, uint64_t name, size_t size) {
    uintptr_t start = address_of(use, place_of(use, name, size));
    uintptr_t *end = use >= MEMORY_NOTES ? &noted_end : &compared_end;
    if (*end < start + size)
        *end = start + size;
    return (void *)start;
}

void *memory_scratch(size_t size) {
    char *block = scratch_next;
    size = (size + 15) & ~(size_t)15;
    if ((uintptr_t)block + size > SCRATCH_ADDRESS + REGION)
        full();
    scratch_next = block + size;
    return memset(block, 0, size);
}

void memory_forget(void) {
    memset((void *)EXECUTION_ADDRESS, 0, compared_end - EXECUTION_ADDRESS);
    memset((void *)NOTED_ADDRESS, 0, noted_end - NOTED_ADDRESS);
}

void memory_extents(struct memory_extent *compared, struct memory_extent *noted,
                    struct memory_extent *scratch) {
    *compared = (struct memory_extent){(char *)EXECUTION_ADDRESS, (char *)compared_end};
    *noted = (struct memory_extent){(char *)NOTED_ADDRESS, (char *)noted_end};
    *scratch = (struct memory_extent){(char *)SCRATCH_ADDRESS, scratch_next};
}
