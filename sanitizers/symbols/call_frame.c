/* SPDX-License-Identifier: MIT */
/*
 * A local variable lies at a fixed distance from its function's canonical frame address (CFA), if
 * the compiler gave it a slot, and debug information has the distance. How far the stack pointer
 * lies below the CFA is in the call frame information (.eh_frame).
 */
#include "symbols/call_frame.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>

enum { STACK_POINTER = 7, FRAME_POINTER = 6 }; /* registers, as DWARF numbers them on x86-64 */
enum { SAVED_WORDS = 16 };                     /* return address and caller's frame pointer */

bool call_frame_size(Dwfl_Module *module, uint64_t return_address, uint64_t *size) {
    Dwarf_Addr bias;
    Dwarf_Frame *frame = NULL;
    Dwarf_Op *operations;
    size_t count;
    Dwarf_CFI *information = dwfl_module_eh_cfi(module, &bias);
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

/* The function that the address lies in, without its inlined callers. */
static bool find_function(Dwfl_Module *module, uint64_t address, Dwarf_Die *function) {
    Dwarf_Addr bias;
    for (Dwarf_Die *unit = NULL; (unit = dwfl_module_nextcu(module, unit, &bias)) != NULL;) {
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

static void add_local(void *owner, struct variables *locals, Dwarf_Die *die, uint64_t base) {
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t count;
    struct variable one;
    if (dwarf_attr(die, DW_AT_location, &attribute) == NULL ||
        dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1 ||
        operations[0].atom != DW_OP_fbreg || !variables_describe(die, &one))
        return;
    one.address = base + operations[0].number;
    variables_append(owner, locals, one);
}

static void add_locals(void *owner, struct variables *locals, Dwarf_Die *block, uint64_t base) {
    Dwarf_Die child;
    if (dwarf_child(block, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_variable || tag == DW_TAG_formal_parameter)
            add_local(owner, locals, &child, base);
        else if (tag == DW_TAG_lexical_block)
            add_locals(owner, locals, &child, base);
    } while (dwarf_siblingof(&child, &child) == 0);
}

const char *call_frame_locals(void *owner, Dwfl_Module *module, uint64_t address, uint64_t cfa,
                              struct variables *locals) {
    Dwarf_Die function;
    uint64_t base;
    if (!find_function(module, address, &function) || !frame_base(&function, cfa, &base))
        return NULL;
    const char *name = dwarf_diename(&function);
    if (name != NULL)
        add_locals(owner, locals, &function, base);
    return name;
}
