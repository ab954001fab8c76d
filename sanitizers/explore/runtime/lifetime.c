/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation.
 *
 * A function's return is no operation, so the search does not reorder it. It is held against accesses
 * as a free is: an access by another thread has to happen before the return, or it is one that may
 * come too late. Which of the two comes first in the execution at hand does not matter:
 *
 *  - The access was first: it stands in the shadow when the function returns (race_leave).
 *  - The return was first. Each depth of calls keeps the time of the last return to it, and how far up
 *    the stack that reached (frames.h). What now lies there can have been handed to the other thread
 *    only afterwards, so an access that the return does not happen before means what was there.
 *
 * Where all is ordered, and nothing lies there any more, it is plainly dead: a stack whose thread has
 * ended, or memory below the stack pointer. The latter is known where the program called the runtime: its
 * return address lies right below the innermost frame, as that was when its function began. If it lies
 * elsewhere, the frame has grown (alloca), and nobody can tell.
 */
#include "explore/runtime/base.h"

#include "explore/runtime/clocks.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/finding.h"
#include "explore/runtime/found.h"
#include "explore/runtime/frames.h"
#include "explore/runtime/lifetime.h"
#include "explore/runtime/past.h"
#include "explore/runtime/race.h"
#include "explore/runtime/stack.h"
#include "explore/runtime/worker.h"
#include "report/kind.h"

struct stack_access {
    uintptr_t address;
    size_t size;
    uintptr_t pc;
    bool write;
};

_Noreturn static void wrong(const struct stack_access *access, struct message_part how) {
    struct message_part said = PART(access->write ? SAY_WRITE : SAY_READ, access->size);
    struct shared_finding finding;
    finding_start(&finding, KIND_USE_AFTER_RETURN);
    message_add(&finding.message, said);
    message_add(&finding.message, PART(SAY_OF, access->address));
    message_add(&finding.message, PART(SAY_BY, self->number));
    message_add(&finding.message, how);
    finding_at(&finding, self->id, self->stack, access->pc, DOING(said));
    found(&finding);
}

/* Is there a return that reached beyond the address, and does not happen before this access? Frames
 * further in than the one that it lies in cannot have reached it, since that began. */
static bool may_have_left(int owner, uintptr_t address) {
    const struct frames_entry *frames = frames_of(owner);
    for (uint32_t depth = 1; depth <= frames->depth + 1; depth++) {
        const struct frames_entry *frame = &frames[depth];
        if (frame->left_top > address && !clock_ordered(owner, frame->left))
            return true;
        if (depth <= frames->depth && frames_low(frame) <= address)
            return false;
    }
    return false;
}

/* Below all of its frames? `pc`: where the program has called the runtime. */
static bool is_below(int owner, uintptr_t address, uintptr_t pc) {
    const struct frames_entry *frames = frames_of(owner);
    uintptr_t low = frames_low(&frames[frames->depth]);
    return frames->depth > 0 && address < low && *((const uintptr_t *)low - 1) == pc;
}

bool lifetime_stacks_are_shared(void) {
    return shared->config.frames != 0 && (worker_replays() || shared->frames_shared != 0);
}

/* Who searches begins anew; what follows a search has looked at all from its start. */
static void note_shared_stack(void) {
    if (shared->config.frames == 0 || lifetime_stacks_are_shared())
        return;
    shared->frames_shared = 1;
    worker_search_anew();
}

void lifetime_check(uintptr_t address, size_t size, bool write, uintptr_t pc) {
    const struct stack_access access = {address, size, pc, write};
    int owner = (int)((address - STACK_ADDRESS) / STACK_SPACE);
    struct fiber *fiber = fibers[owner];
    if (fiber == NULL)
        return;
    if (address < fiber->touched)
        fiber->touched = address;
    if (fiber->gone)
        wrong(&access, PART(SAY_STACK_ENDED, fiber->number));
    if (fiber != self)
        note_shared_stack();
    if (fiber != self && clocks->watched)
        past_shares_stack();
    if (fiber != self && may_have_left(owner, address))
        wrong(&access, PART(SAY_MAY_HAVE_LEFT));
    if (is_below(owner, address, fiber == self ? pc : (uintptr_t)fiber->pc))
        wrong(&access, PART(SAY_HAS_LEFT));
}

void lifetime_end(uintptr_t pc) {
    uintptr_t top = (uintptr_t)stack_of(self->id);
    if (self->touched < top)
        race_leave(self->touched, top, pc);
    self->gone = true;
}
