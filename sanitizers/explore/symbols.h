/* SPDX-License-Identifier: MIT */
/* The inside of `struct symbols`, for symbols.c and variables.c. */
#ifndef HAZARD_EXPLORE_SYMBOLS_H
#define HAZARD_EXPLORE_SYMBOLS_H

#include <elfutils/libdwfl.h>
#include <stdint.h>

#include "report/report.h"

/* A variable with a place of its own: global, or static in a function. */
struct variable {
    uint64_t address; /* in the running program */
    uint64_t size;
    const char *name;
    Dwarf_Die type;
};

/* The place of a return address that was asked for before; a trace asks for few, again and again.
 * */
struct known_place {
    uint64_t pc;
    struct frame frame;
};

enum { KNOWN_PLACES = 1024 };

struct symbols {
    Dwfl *dwfl;
    Dwfl_Module *module;
    struct variable *variables;
    size_t variable_count;
    struct known_place known[KNOWN_PLACES];
    struct sources sources; /* the C files that debug information names and that are there */
};

/* All variables of the unit, found in its tree. */
void variables_add(struct symbols *symbols, Dwarf_Die *unit, Dwarf_Addr bias);

/* "forks[2].lock"; NULL if no variable lies there. Below `owner`. */
const char *variable_name(void *owner, const struct symbols *symbols, uint64_t address);

/* "heap+0x40", "stack-0x1c8", or the address. Below `owner`. */
const char *memory_name(void *owner, uint64_t address);

/* Is it code of the runtime? Its files are known by their folder. */
bool is_runtime_file(const char *file);

#endif
