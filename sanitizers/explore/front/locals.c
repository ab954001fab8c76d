/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * Where a function's frame is (its canonical frame address, CFA) follows from where the thread's
 * stack begins, for the outermost function of the program in it (main, or a start routine), which
 * lives as long as the thread: only functions of the runtime are below it, and their call frame
 * information says how much of the stack each of them takes:
 *
 *   top of the stack = CFA of fiber_entry      (runtime/actors.c)
 *     - its frame    = CFA of main, or of context_call
 *     - its frame    = CFA of the start routine
 *
 * Before main, its thread may be in constructors (runtime/program.c), which are no such function.
 *
 * Of functions called from there the place would depend on what is on the stack at the time, which
 * nobody recorded: their variables have no names here.
 */
#include "explore/front/locals.h"

#include <string.h>

#include "base/memory.h"
#include "symbols/call_frame.h"

/* The two outermost return addresses of a thread: in who called the start routine, and in that. */
struct outermost_calls {
    uint64_t caller, routine;
};

static bool in_fiber_entry(Dwfl_Module *module, uint64_t pc) {
    const char *name = dwfl_module_addrname(module, pc - 1);
    return name != NULL && strcmp(name, "fiber_entry") == 0;
}

static bool outermost_of(Dwfl_Module *module, const struct shared *shared, int actor,
                         struct outermost_calls *outermost) {
    for (int i = 0; i < shared->trace_length; i++) {
        const struct shared_step *step = &shared->trace[i];
        if (step->event.actor != actor || step->pc == 0 || step->stack == 0)
            continue;
        *outermost = (struct outermost_calls){.routine = step->pc};
        uint32_t at = step->stack;
        for (int depth = 0; depth < DEEPEST_STACK && at != 0 && at < SHARED_STACKS; depth++) {
            outermost->routine = outermost->caller != 0 ? outermost->caller : step->pc;
            outermost->caller = shared->stacks[at].pc;
            at = shared->stacks[at].parent;
        }
        if (actor != 0 || in_fiber_entry(module, outermost->caller))
            return at == 0;
    }
    return false;
}

static bool find_cfa(Dwfl_Module *module, const struct shared *shared, int actor,
                     const struct outermost_calls *own, uint64_t *cfa) {
    struct outermost_calls of_main;
    uint64_t entry, routine = 0;
    if (!outermost_of(module, shared, 0, &of_main) ||
        !call_frame_size(module, of_main.caller, &entry) ||
        (actor != 0 && !call_frame_size(module, own->caller, &routine)))
        return false;
    *cfa = stack_top(actor) - entry - routine;
    return true;
}

const struct locals *locals_read(void *owner, const struct symbols *symbols,
                                 const struct shared *shared, int actor) {
    Dwfl_Module *module = symbols_module(symbols);
    struct locals *locals = new_array(owner, struct locals, 1);
    struct outermost_calls own;
    uint64_t cfa;
    if (outermost_of(module, shared, actor, &own) && find_cfa(module, shared, actor, &own, &cfa))
        locals->function =
            call_frame_locals(owner, module, own.routine - 1, cfa, &locals->variables);
    return locals;
}
