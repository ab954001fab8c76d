/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A local variable lies at a fixed distance from its function's canonical frame address (CFA), if
 * the compiler gave it a slot, and debug information has the distance. Where the CFA is follows
 * from where the thread's stack begins, for the outermost function of the program in it (main, or
 * a start routine), which lives as long as the thread: only functions of the runtime are below it,
 * and their call frame information says how much of the stack each of them takes:
 *
 *   top of the stack = CFA of fiber_entry      (context_new: runtime/fiber.c)
 *     - its frame    = CFA of main, or of thread_main
 *     - its frame    = CFA of the start routine
 *
 * Of functions called from there the place would depend on what is on the stack at the time, which
 * nobody recorded: their variables have no names here.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>

#include "base/memory.h"
#include "symbols/symbols.h"

enum { STACK_POINTER = 7, FRAME_POINTER = 6 }; /* registers, as DWARF numbers them on x86-64 */
enum { SAVED_WORDS = 16 };                     /* return address and caller's frame pointer */

/* ---- Where the function's frame is ------------------------------------------------------- */

/* The two outermost return addresses of a thread: in who called the start routine, and in that. */
struct outermost {
    uint64_t caller, routine;
};

static bool outermost_of(const struct shared *shared, int actor, struct outermost *outermost) {
    for (int i = 0; i < shared->trace_length; i++) {
        const struct shared_step *step = &shared->trace[i];
        if (step->event.actor != actor || step->pc == 0 || step->stack == 0)
            continue;
        *outermost = (struct outermost){.routine = step->pc};
        uint32_t at = step->stack;
        for (int depth = 0; depth < DEEPEST_STACK && at != 0 && at < SHARED_STACKS; depth++) {
            outermost->routine = outermost->caller != 0 ? outermost->caller : step->pc;
            outermost->caller = shared->stacks[at].pc;
            at = shared->stacks[at].parent;
        }
        return at == 0;
    }
    return false;
}

/* How far the stack pointer lies below the CFA of the function that makes that call. */
static bool frame_size(const struct symbols *symbols, uint64_t return_address, uint64_t *size) {
    Dwarf_Addr bias;
    Dwarf_Frame *frame = NULL;
    Dwarf_Op *operations;
    size_t count;
    Dwarf_CFI *information = dwfl_module_eh_cfi(symbols->module, &bias);
    if (information == NULL ||
        dwarf_cfi_addrframe(information, return_address - 1 - bias, &frame) != 0)
        return false;
    bool known = dwarf_frame_cfa(frame, &operations, &count) == 0 && count == 1 &&
                 operations[0].atom == DW_OP_bregx && operations[0].number == STACK_POINTER;
    if (known)
        *size = operations[0].number2;
    free(frame);
    return known;
}

static bool find_cfa(const struct symbols *symbols, int actor, const struct outermost *own,
                     uint64_t *cfa) {
    struct outermost of_main;
    uint64_t entry, routine = 0;
    if (!outermost_of(symbols->shared, 0, &of_main) ||
        !frame_size(symbols, of_main.caller, &entry) ||
        (actor != 0 && !frame_size(symbols, own->caller, &routine)))
        return false;
    *cfa = STACK_ADDRESS + (uint64_t)(actor + 1) * STACK_SPACE - entry - routine;
    return true;
}

/* ---- Which variables are in it ----------------------------------------------------------- */

/* The function that the address lies in, without its inlined callers. */
static bool find_function(const struct symbols *symbols, uint64_t address, Dwarf_Die *function) {
    Dwarf_Addr bias;
    for (Dwarf_Die *unit = NULL;
         (unit = dwfl_module_nextcu(symbols->module, unit, &bias)) != NULL;) {
        if (dwarf_haspc(unit, address - bias) <= 0 || dwarf_child(unit, function) != 0)
            continue;
        do
            if (dwarf_tag(function) == DW_TAG_subprogram &&
                dwarf_haspc(function, address - bias) > 0)
                return true;
        while (dwarf_siblingof(function, function) == 0);
    }
    return false;
}

/* What the distances of its variables are counted from. */
static bool frame_base(Dwarf_Die *function, uint64_t cfa, uint64_t *base) {
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t count;
    if (dwarf_attr(function, DW_AT_frame_base, &attribute) == NULL ||
        dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1)
        return false;
    *base = operations[0].atom == DW_OP_call_frame_cfa ? cfa : cfa - SAVED_WORDS;
    return operations[0].atom == DW_OP_call_frame_cfa ||
           operations[0].atom == DW_OP_reg0 + FRAME_POINTER;
}

static void add_local(struct symbols *symbols, struct locals *locals, Dwarf_Die *die,
                      uint64_t base) {
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t count;
    struct variable one;
    if (dwarf_attr(die, DW_AT_location, &attribute) == NULL ||
        dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1 ||
        operations[0].atom != DW_OP_fbreg || !variable_of(die, &one))
        return;
    one.address = base + operations[0].number;
    locals->variables = grow_array(symbols, locals->variables, struct variable, locals->count + 1);
    locals->variables[locals->count++] = one;
}

static void add_locals(struct symbols *symbols, struct locals *locals, Dwarf_Die *block,
                       uint64_t base) {
    Dwarf_Die child;
    if (dwarf_child(block, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter)
            add_local(symbols, locals, &child, base);
        else if (tag == DW_TAG_lexical_block)
            add_locals(symbols, locals, &child, base);
    } while (dwarf_siblingof(&child, &child) == 0);
}

const struct locals *locals_of(struct symbols *symbols, int actor) {
    if (symbols->locals[actor] != NULL)
        return symbols->locals[actor];
    struct locals *locals = new_array(symbols, struct locals, 1);
    symbols->locals[actor] = locals;
    struct outermost own;
    Dwarf_Die function;
    uint64_t cfa, base;
    if (!outermost_of(symbols->shared, actor, &own) || !find_cfa(symbols, actor, &own, &cfa) ||
        !find_function(symbols, own.routine - 1, &function) || !frame_base(&function, cfa, &base))
        return locals;
    locals->function = dwarf_diename(&function);
    if (locals->function != NULL)
        add_locals(symbols, locals, &function, base);
    return locals;
}
