/* SPDX-License-Identifier: MIT */
/*
 * What a person calls an address: a variable, a local variable of a thread's outermost function, a
 * block of the heap by where it was allocated; else its place in what the runtime hands out, which
 * is the same in every run.
 */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "explore/front/names.h"
#include "symbols/symbols.h"

static bool in_heap(uint64_t address) {
    return address - HEAP_ADDRESS < HEAP_SIZE * OP_ACTORS;
}

/* The actor on whose stack it lies; -1: on none. */
static int stack_owner(uint64_t address) {
    uint64_t offset = address - STACK_ADDRESS;
    return offset < STACK_SPACE * OP_ACTORS ? (int)(offset / STACK_SPACE) : -1;
}

/* ---- Blocks of the heap ---------------------------------------------------------------------- */

/* Where the finding's block was allocated; NULL: it speaks of none. */
static const struct shared_location *allocation(const struct shared_finding *finding) {
    for (int i = 0; i < finding->location_count; i++) {
        const struct shared_location *location = &finding->locations[i];
        unsigned long size;
        char what[12];
        if (location->context != 0 &&
            sscanf(location->doing, "block of %lu byte%*[s] %11s", &size, what) == 2 &&
            strcmp(what, "allocated") == 0)
            return location;
    }
    return NULL;
}

/* The address in the block that the finding is about; 0: unknown. */
static uint64_t address_in_block(const struct shared *shared,
                                 const struct shared_finding *finding) {
    if (finding->kind == KIND_DATA_RACE)
        return finding->objects[0];
    if (finding->kind != KIND_USE_AFTER_FREE || finding != &shared->findings[0] ||
        shared->trace_length == 0)
        return 0;
    const struct shared_step *last = &shared->trace[shared->trace_length - 1];
    return last->pc == finding->locations[0].pc ? last->address : 0;
}

/* "block of 4 bytes allocated here" as "a block of 4 bytes allocated at cache.c:31". */
static const char *block_words(struct symbols *symbols, const struct shared_location *made) {
    struct location location = {.actor = "", .doing = ""};
    symbols_stack(symbols, symbols->shared, made->stack, made->pc, &location, symbols);
    const struct frame *frame = location.frame_count > 0 ? &location.frames[0] : NULL;
    int length = (int)strcspn(made->doing, "h"); /* of " here" */
    const char *words = made->doing;
    if (frame == NULL || frame->file == NULL)
        return never_null(talloc_asprintf(symbols, "a %.*s", length - 1, words));
    const char *slash = strrchr(frame->file, '/');
    return never_null(talloc_asprintf(symbols, "a %.*sat %s:%d", length, words,
                                      slash != NULL ? slash + 1 : frame->file, frame->line));
}

void blocks_find(struct symbols *symbols) {
    const struct shared *shared = symbols->shared;
    for (int i = 0; i < shared->finding_count; i++) {
        const struct shared_location *made = allocation(&shared->findings[i]);
        uint64_t address = address_in_block(shared, &shared->findings[i]);
        if (made != NULL && address != 0)
            symbols->blocks[symbols->block_count++] =
                (struct named_block){address, block_words(symbols, made)};
    }
}

static const char *block_name(const struct symbols *symbols, uint64_t address) {
    for (size_t i = 0; i < symbols->block_count; i++)
        if (symbols->blocks[i].address == address)
            return symbols->blocks[i].words;
    return NULL;
}

/* ---- All of them ----------------------------------------------------------------------------- */

static const char *part_among(struct symbols *symbols, const struct variable *variables,
                              size_t count, uint64_t address) {
    for (size_t i = 0; i < count; i++)
        if (address - variables[i].address < variables[i].size)
            return variable_part(symbols, &variables[i], address - variables[i].address);
    return NULL;
}

static struct object_name known_object(struct symbols *symbols, uint64_t address) {
    int owner = stack_owner(address);
    if (owner >= 0) {
        const struct locals *locals = locals_of(symbols, owner);
        const char *name = part_among(symbols, locals->variables, locals->count, address);
        if (name != NULL)
            return (struct object_name){
                name, never_null(talloc_asprintf(symbols, " in %s", locals->function))};
    }
    const char *block = in_heap(address) ? block_name(symbols, address) : NULL;
    return (struct object_name){NULL, block != NULL ? block : ""};
}

static const char *place_words(void *owner, uint64_t address) {
    if (in_heap(address))
        return never_null(talloc_asprintf(
            owner, "heap+0x%llx", (unsigned long long)((address - HEAP_ADDRESS) % HEAP_SIZE)));
    if (stack_owner(address) >= 0)
        return never_null(talloc_asprintf(
            owner, "stack-0x%llx",
            (unsigned long long)(STACK_SPACE - (address - STACK_ADDRESS) % STACK_SPACE)));
    return never_null(talloc_asprintf(owner, "0x%llx", (unsigned long long)address));
}

struct object_name symbols_object(struct symbols *symbols, uint64_t address) {
    struct object_name name = {
        part_among(symbols, symbols->variables, symbols->variable_count, address), ""};
    if (name.quoted == NULL && symbols->shared != NULL)
        name = known_object(symbols, address);
    if (name.quoted != NULL || *name.rest != '\0')
        return name;
    int owner = stack_owner(address);
    name.quoted = place_words(symbols, address);
    if (owner >= 0 && symbols->shared != NULL)
        name.rest = never_null(talloc_asprintf(symbols, " on the stack of %s",
                                               explore_actor(symbols, symbols->shared, owner)));
    return name;
}

const char *symbols_object_words(struct symbols *symbols, uint64_t address) {
    struct object_name name = symbols_object(symbols, address);
    return never_null(
        talloc_asprintf(symbols, "%s%s", name.quoted != NULL ? name.quoted : "", name.rest));
}
