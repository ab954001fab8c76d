/* SPDX-License-Identifier: MIT */
/* Variables that lie in memory, and what a person calls a part of one. */
#ifndef HAZARD_SYMBOLS_VARIABLES_H
#define HAZARD_SYMBOLS_VARIABLES_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Global, static in a function, or a local one that has a slot on the stack. */
struct variable {
    uint64_t address; /* in the running program */
    uint64_t size;
    const char *name;
    Dwarf_Die type;
};

struct variables {
    struct variable *items;
    size_t count;
};

/* All variables of the unit that stay where they are, found in its tree. `bias`: from addresses of
 * the file to those of the running program. The array is below `owner`. */
void variables_add_unit(void *owner, struct variables *variables, Dwarf_Die *unit, Dwarf_Addr bias);

void variables_append(void *owner, struct variables *variables, struct variable one);

/* Name, size and type, without the address. False: it has none. */
bool variables_describe(Dwarf_Die *die, struct variable *variable);

/* "forks[2].lock": what lies at that address; NULL if none of them does. Below `owner`. */
const char *variables_part(void *owner, const struct variables *variables, uint64_t address);

#endif
