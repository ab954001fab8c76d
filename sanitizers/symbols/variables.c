/* SPDX-License-Identifier: MIT */
/*
 * The variables that stay where they are, and what a person calls a part of one.
 *
 * Debug information has a tree of types. The walk goes from the variable's type inwards, as far as
 * the address tells elements and members apart; at offset 0 it takes the first member, because what
 * is read or locked there is the innermost thing. A type of the thread library (pthread_mutex_t,
 * sem_t) is one thing whatever its members are.
 */
#include "symbols/variables.h"

#include <dwarf.h>
#include <string.h>

#include "base/memory.h"

/* ---- Finding the variables ----------------------------------------------------------- */

/* The place of a variable that stays where it is; false for registers and stack slots. */
static bool fixed_address(Dwarf_Die *die, Dwarf_Addr *address) {
    Dwarf_Attribute attribute, value;
    Dwarf_Op *operations;
    size_t count;
    if (dwarf_attr(die, DW_AT_location, &attribute) == NULL ||
        dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1)
        return false;
    *address = operations[0].number;
    if (operations[0].atom == DW_OP_addr)
        return true;
    /* clang writes an index into a table of addresses. */
    return operations[0].atom == DW_OP_addrx &&
           dwarf_getlocation_attr(&attribute, operations, &value) == 0 &&
           dwarf_formaddr(&value, address) == 0;
}

/* Follows DW_AT_type through const, volatile and typedef; false at void or at what is opaque. */
static bool type_of(Dwarf_Die *die, Dwarf_Die *type) {
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(die, DW_AT_type, &attribute) != NULL &&
           dwarf_formref_die(&attribute, type) != NULL;
}

bool variables_describe(Dwarf_Die *die, struct variable *variable) {
    Dwarf_Die specification;
    Dwarf_Attribute attribute;
    Dwarf_Word size;
    *variable = (struct variable){0};
    /* `extern int x;` in a header and `int x;` in a file: the second refers to the first. */
    if (dwarf_attr(die, DW_AT_specification, &attribute) != NULL &&
        dwarf_formref_die(&attribute, &specification) != NULL)
        die = dwarf_diename(die) != NULL ? die : &specification;
    variable->name = dwarf_diename(die);
    if (variable->name == NULL || !type_of(die, &variable->type) ||
        dwarf_aggregate_size(&variable->type, &size) != 0)
        return false;
    variable->size = size;
    return true;
}

void variables_append(void *owner, struct variables *variables, struct variable one) {
    variables->items = grow_array(owner, variables->items, struct variable, variables->count + 1);
    variables->items[variables->count++] = one;
}

static void add_variable(void *owner, struct variables *variables, Dwarf_Die *die,
                         Dwarf_Addr bias) {
    struct variable one;
    Dwarf_Addr address;
    if (!fixed_address(die, &address) || !variables_describe(die, &one))
        return;
    one.address = address + bias;
    variables_append(owner, variables, one);
}

/* Variables of the file, and the static ones inside its functions and their blocks. */
void variables_add_unit(void *owner, struct variables *variables, Dwarf_Die *unit,
                        Dwarf_Addr bias) {
    Dwarf_Die child;
    if (dwarf_child(unit, &child) != 0)
        return;
    do {
        int tag = dwarf_tag(&child);
        if (tag == DW_TAG_variable)
            add_variable(owner, variables, &child, bias);
        else if (tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block)
            variables_add_unit(owner, variables, &child, bias);
    } while (dwarf_siblingof(&child, &child) == 0);
}

/* ---- Naming a part ------------------------------------------------------------------- */

static bool is_library_type(const char *name) {
    static const char *const whole[] = {"sem_t", "mtx_t", "cnd_t", "once_flag", "FILE"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strcmp(name, whole[i]) == 0)
            return true;
    return strncmp(name, "pthread_", 8) == 0;
}

/* Past qualifiers and names of types. False where there is nothing inside to look at. */
static bool strip(Dwarf_Die *type) {
    for (;;) {
        Dwarf_Die next;
        const char *name = dwarf_diename(type);
        switch (dwarf_tag(type)) {
        case DW_TAG_typedef:
            if (name != NULL && is_library_type(name))
                return false;
            break;
        case DW_TAG_const_type:
        case DW_TAG_volatile_type:
        case DW_TAG_atomic_type:
            break;
        default:
            return true;
        }
        if (!type_of(type, &next))
            return false;
        *type = next;
    }
}

/* The number of elements in one dimension; 0 if it is not known. */
static Dwarf_Word dimension(Dwarf_Die *range) {
    Dwarf_Attribute attribute;
    Dwarf_Word value;
    if (dwarf_attr(range, DW_AT_count, &attribute) != NULL &&
        dwarf_formudata(&attribute, &value) == 0)
        return value;
    if (dwarf_attr(range, DW_AT_upper_bound, &attribute) != NULL &&
        dwarf_formudata(&attribute, &value) == 0)
        return value + 1;
    return 0;
}

/* One array type may have several dimensions: an index for each. */
static char *enter_array(char *name, Dwarf_Die *type, uint64_t *offset) {
    enum { DIMENSIONS = 8 };
    Dwarf_Word counts[DIMENSIONS], size;
    size_t dimensions = 0;
    Dwarf_Die child, element;
    if (!type_of(type, &element) || dwarf_aggregate_size(&element, &size) != 0 || size == 0 ||
        dwarf_child(type, &child) != 0)
        return NULL;
    do
        if (dwarf_tag(&child) == DW_TAG_subrange_type && dimensions < DIMENSIONS)
            counts[dimensions++] = dimension(&child);
    while (dwarf_siblingof(&child, &child) == 0);
    Dwarf_Word stride = size;
    for (size_t i = 1; i < dimensions; i++)
        stride *= counts[i];
    for (size_t i = 0; i < dimensions && stride > 0; i++) {
        name = never_null(
            talloc_asprintf_append(name, "[%llu]", (unsigned long long)(*offset / stride)));
        *offset %= stride;
        stride /= i + 1 < dimensions && counts[i + 1] > 0 ? counts[i + 1] : 1;
    }
    *type = element;
    return name;
}

/* The member at the offset; NULL if none lies there (padding). */
static char *enter_structure(char *name, Dwarf_Die *type, uint64_t *offset) {
    Dwarf_Die child;
    if (dwarf_child(type, &child) != 0)
        return NULL;
    do {
        Dwarf_Attribute attribute;
        Dwarf_Word at = 0, size;
        Dwarf_Die member;
        if (dwarf_tag(&child) != DW_TAG_member || !type_of(&child, &member) ||
            dwarf_aggregate_size(&member, &size) != 0)
            continue;
        if (dwarf_attr(&child, DW_AT_data_member_location, &attribute) != NULL)
            dwarf_formudata(&attribute, &at);
        if (*offset < at || *offset >= at + size)
            continue;
        const char *word = dwarf_diename(&child); /* none: an anonymous structure */
        *offset -= at;
        *type = member;
        return word == NULL ? name : never_null(talloc_asprintf_append(name, ".%s", word));
    } while (dwarf_siblingof(&child, &child) == 0);
    return NULL;
}

/* What lies at that offset. */
static const char *part_of(void *owner, const struct variable *variable, uint64_t offset) {
    char *name = never_null(talloc_strdup(owner, variable->name));
    Dwarf_Die type = variable->type;
    while (strip(&type)) {
        int tag = dwarf_tag(&type);
        char *longer = tag == DW_TAG_array_type       ? enter_array(name, &type, &offset)
                       : tag == DW_TAG_structure_type ? enter_structure(name, &type, &offset)
                                                      : NULL;
        if (longer == NULL)
            break;
        name = longer;
    }
    return name;
}

const char *variables_part(void *owner, const struct variables *variables, uint64_t address) {
    for (size_t i = 0; i < variables->count; i++) {
        const struct variable *one = &variables->items[i];
        if (address - one->address < one->size)
            return part_of(owner, one, address - one->address);
    }
    return NULL;
}
