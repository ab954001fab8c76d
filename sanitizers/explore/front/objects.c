/* SPDX-License-Identifier: MIT */
/*
 * What a person calls an address: a variable, a local variable of a thread's outermost function, a
 * block of the heap by where it was allocated; else its place in what the runtime hands out, which
 * is the same in every run.
 */
#include "explore/front/objects.h"

#include <string.h>

#include "base/memory.h"
#include "explore/front/actor.h"
#include "explore/front/locals.h"
#include "report/kind.h"

/* An address in a block of the heap that a finding speaks of. */
struct named_block {
    uint64_t address;
    const char *words; /* "a block of 8 bytes allocated at cache.c:31" */
};

struct objects {
    struct symbols *symbols;
    const struct shared *shared;
    const struct locals *locals[OP_ACTORS]; /* NULL: not asked for yet */
    struct named_block blocks[SHARED_FINDINGS];
    size_t block_count;
};

static bool in_heap(uint64_t address) {
    return address - HEAP_ADDRESS < HEAP_SIZE * OP_ACTORS;
}

/* The actor on whose stack it lies; -1: on none. */
static int stack_owner(uint64_t address) {
    uint64_t offset = address - STACK_ADDRESS;
    return offset < STACK_SPACE * OP_ACTORS ? (int)(offset / STACK_SPACE) : -1;
}

/* ---- Stacks ---------------------------------------------------------------------------------- */

void objects_stack(const struct objects *objects, uint32_t stack, uint64_t pc,
                   struct location *location, void *owner) {
    uint64_t pcs[1 + DEEPEST_STACK] = {pc};
    size_t count = 1;
    const struct shared_stack *stacks = objects->shared->stacks;
    for (uint32_t at = stack; count <= DEEPEST_STACK && at != 0 && at < SHARED_STACKS;
         at = stacks[at].parent)
        pcs[count++] = stacks[at].pc;
    symbols_stack(objects->symbols, pcs, count, location, owner);
}

void objects_step(const struct objects *objects, const struct shared_step *step,
                  struct location *location, void *owner) {
    objects_stack(objects, step->stack, step->pc, location, owner);
}

/* ---- Blocks of the heap ---------------------------------------------------------------------- */

/* Where the finding's block was allocated; NULL: it speaks of none. */
static const struct shared_location *allocation(const struct shared_finding *finding) {
    for (int i = 0; i < finding->location_count; i++)
        if (finding->locations[i].doing.parts[0].values[0] == SAY_BLOCK_ALLOCATED)
            return &finding->locations[i];
    return NULL;
}

/* The address in the block that the finding is about; 0: unknown. */
static uint64_t address_in_block(const struct shared *shared,
                                 const struct shared_finding *finding) {
    const struct message_part *race = message_find(&finding->message, SAY_RACE_ON);
    if (race != NULL)
        return race->values[1];
    if (finding->kind != KIND_USE_AFTER_FREE || finding != &shared->findings[0] ||
        shared->trace_length == 0)
        return 0;
    const struct shared_step *last = &shared->trace[shared->trace_length - 1];
    return last->pc == finding->locations[0].pc ? last->address : 0;
}

/* "a block of 4 bytes allocated at cache.c:31" */
static const char *block_words(struct objects *objects, const struct shared_location *made) {
    struct location location = {.actor = "", .doing = ""};
    objects_stack(objects, made->stack, made->pc, &location, objects);
    const struct frame *frame = location.frame_count > 0 ? &location.frames[0] : NULL;
    uint64_t size = made->doing.parts[0].values[1];
    char *words = never_null(talloc_asprintf(objects, "a block of %llu byte%s allocated",
                                             (unsigned long long)size, size == 1 ? "" : "s"));
    if (frame == NULL || frame->file == NULL)
        return words;
    const char *slash = strrchr(frame->file, '/');
    return never_null(talloc_asprintf_append(words, " at %s:%d",
                                             slash != NULL ? slash + 1 : frame->file, frame->line));
}

static void find_blocks(struct objects *objects) {
    const struct shared *shared = objects->shared;
    for (int i = 0; i < shared->finding_count; i++) {
        const struct shared_location *made = allocation(&shared->findings[i]);
        uint64_t address = address_in_block(shared, &shared->findings[i]);
        if (made != NULL && address != 0)
            objects->blocks[objects->block_count++] =
                (struct named_block){address, block_words(objects, made)};
    }
}

static const char *block_name(const struct objects *objects, uint64_t address) {
    for (size_t i = 0; i < objects->block_count; i++)
        if (objects->blocks[i].address == address)
            return objects->blocks[i].words;
    return NULL;
}

/* ---- All of them ----------------------------------------------------------------------------- */

static const struct locals *locals_of(struct objects *objects, int actor) {
    if (objects->locals[actor] == NULL)
        objects->locals[actor] = locals_read(objects, objects->symbols, objects->shared, actor);
    return objects->locals[actor];
}

static struct object_name known_object(struct objects *objects, uint64_t address) {
    int owner = stack_owner(address);
    if (owner >= 0) {
        const struct locals *locals = locals_of(objects, owner);
        const char *name = variables_part(objects, &locals->variables, address);
        if (name != NULL)
            return (struct object_name){
                name, never_null(talloc_asprintf(objects, " in %s", locals->function))};
    }
    const char *block = in_heap(address) ? block_name(objects, address) : NULL;
    return (struct object_name){NULL, block != NULL ? block : ""};
}

static const char *place_words(void *owner, uint64_t address) {
    if (in_heap(address))
        return never_null(talloc_asprintf(
            owner, "heap+0x%llx", (unsigned long long)((address - HEAP_ADDRESS) % HEAP_SIZE)));
    if (stack_owner(address) >= 0)
        return never_null(
            talloc_asprintf(owner, "stack-0x%llx",
                            (unsigned long long)(stack_top(stack_owner(address)) - address)));
    return never_null(talloc_asprintf(owner, "0x%llx", (unsigned long long)address));
}

/* That the program itself has given it, or everybody knows; NULL: none. */
static const char *given_name(const struct objects *objects, uint64_t address) {
    for (int i = 0; i < SHARED_NAMES && address != 0; i++)
        if (objects->shared->names[i].address == address)
            return objects->shared->names[i].name;
    static const char *const streams[] = {"stdin", "stdout", "stderr"};
    for (int i = 0; i < 3 && address != 0; i++)
        if (objects->shared->standard_streams[i] == address)
            return streams[i];
    return NULL;
}

struct object_name objects_name(struct objects *objects, uint64_t address) {
    struct object_name name = {given_name(objects, address), ""};
    if (name.quoted == NULL)
        name.quoted = symbols_variable(objects->symbols, address);
    if (name.quoted == NULL)
        name = known_object(objects, address);
    if (name.quoted != NULL || *name.rest != '\0')
        return name;
    int owner = stack_owner(address);
    name.quoted = place_words(objects, address);
    if (owner >= 0)
        name.rest = never_null(talloc_asprintf(objects, " on the stack of %s",
                                               actor_words(objects, objects->shared, owner)));
    return name;
}

const char *objects_words(struct objects *objects, uint64_t address) {
    struct object_name name = objects_name(objects, address);
    return never_null(
        talloc_asprintf(objects, "%s%s", name.quoted != NULL ? name.quoted : "", name.rest));
}

/* ---- Opening --------------------------------------------------------------------------------- */

/* The variables of hidden.c stand for the state of libraries. */
static const struct symbols_runtime runtime = {.files = OBJECTS_RUNTIME_FILES,
                                               .named_variables = "/calls/hidden.c"};

struct objects *objects_open(void *owner, const char *binary, uint64_t base,
                             const struct shared *shared, struct error *error) {
    struct objects *objects = new_array(owner, struct objects, 1);
    objects->shared = shared;
    objects->symbols = symbols_open(objects, binary, base, runtime, error);
    if (objects->symbols == NULL) {
        talloc_free(objects);
        return NULL;
    }
    find_blocks(objects);
    return objects;
}

struct symbols *objects_symbols(const struct objects *objects) {
    return objects->symbols;
}
