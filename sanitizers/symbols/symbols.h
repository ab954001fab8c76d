/* SPDX-License-Identifier: MIT */
/* The inside of `struct symbols`: symbols.c, variables.c, locals.c, objects.c, callee.c. */
#ifndef HAZARD_EXPLORE_SYMBOLS_H
#define HAZARD_EXPLORE_SYMBOLS_H

#include <elfutils/libdwfl.h>
#include <stdint.h>

#include "explore/shared.h"
#include "report/report.h"

/* A variable in memory: global, static in a function, or a local one that has a slot. */
struct variable {
    uint64_t address; /* in the running program */
    uint64_t size;
    const char *name;
    Dwarf_Die type;
};

/* A return address that was asked for before; a trace asks for few, again and again. */
struct known_place {
    uint64_t pc;
    struct frame frame;
    bool called; /* the callee was asked for */
    const char *callee;
};

enum { KNOWN_PLACES = 1024, DEEPEST_STACK = 200 };

/* The variables of the outermost function of one thread. */
struct locals {
    const char *function;
    struct variable *variables;
    size_t count;
};

/* An address in a block of the heap that a finding speaks of. */
struct named_block {
    uint64_t address;
    const char *words; /* "a block of 8 bytes allocated at cache.c:31" */
};

struct symbols {
    Dwfl *dwfl;
    Dwfl_Module *module;
    struct variable *variables;
    size_t variable_count;
    struct known_place known[KNOWN_PLACES];
    struct sources sources;      /* the C files that debug information names and that are there */
    const struct shared *shared; /* what came out; NULL: not known yet */
    const struct locals *locals[OP_ACTORS];
    struct named_block blocks[SHARED_FINDINGS];
    size_t block_count;
};

/* All variables of the unit, found in its tree. */
void variables_add(struct symbols *symbols, Dwarf_Die *unit, Dwarf_Addr bias);

/* Name, size and type, without a place. False: it has none. */
bool variable_of(Dwarf_Die *die, struct variable *variable);

/* "forks[2].lock": what lies at that offset. Below `owner`. */
const char *variable_part(void *owner, const struct variable *variable, uint64_t offset);

/* Those of an actor; none if they cannot be known. symbols->shared must be there. */
const struct locals *locals_of(struct symbols *symbols, int actor);

/* Fills in `blocks` by the findings of symbols->shared. */
void blocks_find(struct symbols *symbols);

/* Is it code of the runtime? Its files are known by their folder. */
bool is_runtime_file(const char *file);

#endif
