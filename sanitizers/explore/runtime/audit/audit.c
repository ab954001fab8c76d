/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * Every instruction of the program that may access memory which others can reach begins as a
 * breakpoint (sites.c). When it is hit, the addresses it will access are computed and held against
 * the race detector's shadow: is what it does there known, as done by this thread since its last
 * release? If so, and a hook stands right before it, that has announced it, as it will the next
 * time, and the breakpoint goes. Else it stays: what is not known then is **unseen**, and is given to
 * the race detector here, each time. The program's own byte is put back, and the instruction runs
 * with the trap flag set.
 *
 * An access to the own stack by a function with hooks is taken as the compiler takes it: as one to
 * a frame whose address goes nowhere, else there would be a hook. clang does not keep to that: its hooks
 * leave out members and elements of local variables whose address goes elsewhere as a whole. So with clang,
 * once a thread is seen to access the stack of another, the search begins anew, and such accesses are
 * looked at, too.
 */
#include "explore/runtime/base.h"

#include <ucontext.h>

#include "explore/runtime/audit/audit.h"
#include "explore/runtime/audit/decode.h"
#include "explore/runtime/audit/libraries.h"
#include "explore/runtime/audit/machine.h"
#include "explore/runtime/audit/sites.h"
#include "explore/runtime/calls/image.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/lifetime.h"
#include "explore/runtime/race.h"
#include "explore/runtime/unsupported.h"

/* Lasts: an execution may end within it. */
static struct audit {
    uintptr_t stepping; /* the instruction that runs with the trap flag set; 0: none */
    bool frames;        /* what a function does to its own frame is looked at, too */
} * audit;

void audit_start(void) {
    struct program_image image;
    image_find(&image);
    libraries_find();
    audit = lasting_new(sizeof *audit);
    if (!decode_start())
        unsupported(0, SAY_NO_DECODER);
    int skipped;
    if (!sites_make(image.bias, image.code, image.code_end, &skipped))
        unsupported(0, SAY_NO_SYMBOLS);
    shared->unaudited = skipped;
    shared->audited = 1;
}

void audit_begin(void) {
    if (audit != NULL && audit->stepping != 0)
        site_set(audit->stepping);
    if (audit == NULL)
        return;
    audit->stepping = 0;
    if (!audit->frames && lifetime_stacks_are_shared()) {
        audit->frames = true;
        sites_set_all();
    }
}

static bool is_own_stack(uintptr_t address) {
    return address - (STACK_ADDRESS + (uintptr_t)self->id * STACK_SPACE) < STACK_SPACE;
}

/* Its access as a hook would announce it. */
static void announce(const struct instruction *instruction, const struct operand *operand,
                     uintptr_t address, size_t size) {
    uintptr_t pc = instruction->pc + 1; /* as if it were a return address */
    if (operand->read)
        race_observe(address, size, false, pc);
    if (operand->write)
        race_observe(address, size, true, pc);
}

/* Workers share the list. */
static void name_unseen(uintptr_t pc) {
    for (int i = 0; i < SHARED_UNSEEN; i++) {
        uint64_t there = 0;
        if (__atomic_compare_exchange_n(&shared->unseen[i], &there, pc, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE) ||
            there == pc)
            return;
    }
}

/* False: it was not announced. */
static bool judge(const struct instruction *instruction, const struct operand *operand,
                  const ucontext_t *context, int flags) {
    bool hooked = (flags & SITE_HOOKED) != 0 && !audit->frames;
    size_t size;
    uintptr_t address = machine_address(context, self->fs, operand, &size);
    if (size == 0 || operand->segment != SEGMENT_NONE || (hooked && is_own_stack(address)))
        return true;
    if (operand->base < 0 && operand->index < 0 && !libraries_is_program_data(address))
        return true;
    if (instruction->locked)
        unsupported(instruction->pc + 1, SAY_UNSEEN_ATOMIC);
    if (((flags & SITE_LOADED) != 0 && shared->config.frames != 0 && address == self->loaded) ||
        race_knows(address, size, operand->write))
        return true;
    if (!is_own_stack(address))
        name_unseen(instruction->pc);
    announce(instruction, operand, address, size);
    return false;
}

static void hit(ucontext_t *context, uintptr_t pc) {
    int flags = site_flags(pc);
    context->uc_mcontext.gregs[REG_RIP] = (greg_t)pc;
    site_clear(pc);
    const struct instruction *instruction = decode(pc);
    if (instruction->opaque)
        unsupported(pc + 1, SAY_UNSEEN_OPAQUE);
    if (instruction->fence && self->buffered != 0) /* and here nobody can wait for them */
        unsupported(pc + 1, SAY_UNSEEN_FENCE);
    bool announced = exploring;
    for (int i = 0; exploring && i < instruction->count; i++)
        announced &= judge(instruction, &instruction->operand[i], context, flags);
    bool done = announced && (flags & (SITE_PAIRED | SITE_LOADED)) != 0 &&
                shared->config.audit != AUDIT_ALL;
    if (!done) {
        audit->stepping = pc;
        machine_step(context, true);
    }
}

bool audit_trap(void *machine) {
    ucontext_t *context = machine;
    uintptr_t pc = machine_pc(context);
    if (audit == NULL)
        return false;
    if (audit->stepping == pc)
        return true; /* one round of a repeated one */
    if (audit->stepping != 0) {
        audit_begin();
        machine_step(context, false);
        return true;
    }
    if ((site_flags(pc - 1) & SITE_SET) == 0)
        return false;
    hit(context, pc - 1);
    return true;
}
