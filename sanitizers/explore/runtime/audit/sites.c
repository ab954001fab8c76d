/* SPDX-License-Identifier: MIT */
/*
 * Functions are decoded from their symbol to its end: compilers put no data between instructions.
 *
 * Left out is what reaches only the function's own frame: a constant distance from the stack
 * pointer, or from a frame pointer that was made of it. The compiler's hooks leave that out, too,
 * where the frame's address goes nowhere; in a function without hooks it must go nowhere.
 *
 * A site is paired with a hook if it is the first that reads, or writes, since the hook was called,
 * with no branch between. That its memory is known when it runs is not enough: another hook, on this
 * path only, may have announced it.
 */
#include "explore/runtime/base.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/audit/decode.h"
#include "explore/runtime/audit/functions.h"
#include "explore/runtime/audit/libraries.h"
#include "explore/runtime/audit/sites.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/system_call.h"

enum { PAGE = 4096, BREAKPOINT = 0xcc };

extern void __tsan_func_entry(void *);

static struct sites {
    uintptr_t start, end;
    uint8_t *flags, *bytes; /* by address; `bytes`: the program's own, where a breakpoint may be */
} * sites;

static inline size_t index_of(uintptr_t pc) {
    return pc - sites->start;
}

int site_flags(uintptr_t pc) {
    return sites == NULL || pc < sites->start || pc >= sites->end ? 0 : sites->flags[index_of(pc)];
}

void site_set(uintptr_t pc) {
    *(volatile uint8_t *)pc = BREAKPOINT;
    sites->flags[index_of(pc)] |= SITE_SET;
}

void site_clear(uintptr_t pc) {
    *(volatile uint8_t *)pc = sites->bytes[index_of(pc)];
    sites->flags[index_of(pc)] &= (uint8_t)~SITE_SET;
}

/* What is to be known of a function before its instructions are judged. `shares`: an address of its frame
 * goes elsewhere than to a hook. */
struct shape {
    bool decodes, hooked, framed, leaks, shares;
};

static bool is_among(const uintptr_t *starts, int count, uintptr_t target) {
    for (int i = 0; i < count; i++)
        if (starts[i] == target)
            return true;
    return false;
}

static bool is_hook(const struct functions *functions, uintptr_t target) {
    return is_among(functions->hooks, functions->hook_count, target);
}

static struct shape shape_of(const struct functions *functions, const struct function *function) {
    struct shape shape = {.decodes = true};
    bool passes = false;
    for (uintptr_t pc = function->start; pc < function->end;) {
        const struct instruction *instruction = decode(pc);
        if (instruction->length == 0 || pc + instruction->length > function->end) {
            shape.decodes = false;
            break;
        }
        shape.hooked |= instruction->target == (uintptr_t)__tsan_func_entry;
        shape.framed |= instruction->frame == FRAME_MADE;
        shape.leaks |= instruction->frame >= FRAME_LEAKS;
        shape.shares |= instruction->frame == FRAME_LEAKS ||
                        (passes && !is_hook(functions, instruction->target));
        passes = instruction->frame == FRAME_PASSES;
        pc += instruction->length;
    }
    return shape;
}

/* An element of an array, too, where the compiler's hooks leave it out. */
static bool is_in_frame(const struct shape *shape, const struct operand *operand) {
    bool from_frame = operand->base == DECODE_SP || (operand->base == DECODE_BP && shape->framed);
    return from_frame && (operand->index < 0 || shape->hooked);
}

/* Could others see it? */
static bool is_open(const struct shape *shape, const struct operand *operand) {
    if (operand->segment != SEGMENT_NONE)
        return false; /* the thread's own storage */
    if (operand->base < 0 && operand->index < 0)
        return libraries_is_program_data((uintptr_t)operand->displacement);
    return !is_in_frame(shape, operand) || (!shape->hooked && shape->leaks);
}

/* What a hook may have announced and no instruction has done since: in the frame, or elsewhere. */
struct announced {
    struct announcement {
        bool read, write;
    } frame, open;
    bool loaded; /* by an atomic load, and no instruction has read since */
};

/* Is the access that of the hook before it? */
static bool pair(struct announcement *announced, const struct operand *operand) {
    bool paired = (!operand->read || announced->read) && (!operand->write || announced->write);
    announced->read &= !operand->read;
    announced->write &= !operand->write;
    return paired;
}

/* Is it a read that an atomic load has made already? Asked once. */
static bool is_loaded(struct announced *announced, const struct instruction *instruction) {
    bool loaded = announced->loaded && instruction->count == 1 && !instruction->operand[0].write;
    announced->loaded = false;
    return loaded;
}

static void make_site(uintptr_t pc, const struct shape *shape, struct announced *announced) {
    const struct instruction *instruction = decode(pc);
    bool open = instruction->opaque || instruction->fence, frame = false;
    bool paired = shape->hooked && !open;
    for (int i = 0; i < instruction->count; i++)
        if (is_open(shape, &instruction->operand[i])) {
            open = true;
            paired &= pair(&announced->open, &instruction->operand[i]);
        } else if (shape->shares && is_in_frame(shape, &instruction->operand[i])) {
            frame = true;
            paired &= pair(&announced->frame, &instruction->operand[i]);
        }
    if ((!open && !frame) || site_flags(pc) != 0)
        return;
    bool loaded = open && is_loaded(announced, instruction);
    sites->flags[index_of(pc)] =
        (uint8_t)(SITE_IS | (shape->hooked ? SITE_HOOKED : 0) | (paired ? SITE_PAIRED : 0) |
                  (open ? 0 : SITE_FRAME) | (loaded ? SITE_LOADED : 0));
    sites->bytes[index_of(pc)] = *(const uint8_t *)pc;
}

/* False: it cannot be decoded. */
static bool make_sites(const struct functions *functions, const struct function *function) {
    struct shape shape = shape_of(functions, function);
    struct announced announced = {0};
    bool passes = false;
    if (!shape.decodes || function->start < sites->start || function->end > sites->end)
        return false;
    for (uintptr_t pc = function->start; pc < function->end; pc += decode(pc)->length) {
        make_site(pc, &shape, &announced);
        const struct instruction *instruction = decode(pc);
        if (is_hook(functions, instruction->target)) {
            const struct announcement all = {true, true};
            announced = passes ? (struct announced){.frame = all} : (struct announced){.open = all};
        } else if (instruction->branches)
            announced = (struct announced){0};
        if (is_among(functions->loads, functions->load_count, instruction->target))
            announced.loaded = true;
        passes = instruction->frame == FRAME_PASSES;
    }
    return true;
}

bool sites_make(uintptr_t bias, uintptr_t code, uintptr_t code_end, int *skipped) {
    struct functions functions;
    if (!functions_read(bias, &functions))
        return false;
    uintptr_t start = code & ~(uintptr_t)(PAGE - 1);
    size_t size = code_end - start;
    sites = lasting_new(sizeof *sites);
    *sites = (struct sites){start, code_end, lasting_new(size), lasting_new(size)};
    *skipped = 0;
    for (int i = 0; i < functions.count; i++)
        *skipped += !make_sites(&functions, &functions.own[i]);
    system_call(SYS_mprotect, (long)start, (long)size, PROT_READ | PROT_WRITE | PROT_EXEC, 0, 0, 0);
    for (uintptr_t pc = start; pc < code_end; pc++)
        if (sites->flags[pc - start] != 0 && (sites->flags[pc - start] & SITE_FRAME) == 0)
            site_set(pc);
    return true;
}

void sites_set_all(void) {
    for (uintptr_t pc = sites->start; pc < sites->end; pc++)
        if (site_flags(pc) != 0)
            site_set(pc);
}
