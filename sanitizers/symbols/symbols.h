/* SPDX-License-Identifier: MIT */
/*
 * A program's own file: from return addresses and addresses of data to what a person calls them.
 * (From any instruction, of libraries too: spots.h.)
 */
#ifndef HAZARD_SYMBOLS_SYMBOLS_H
#define HAZARD_SYMBOLS_SYMBOLS_H

#include <elfutils/libdwfl.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "report/location.h"

struct symbols;

/* The files of a runtime that is linked into the program, as parts of their paths: its code is not
 * the program's, nor are its variables. */
struct symbols_runtime {
    const char *files;
    const char *named_variables; /* the one of `files` whose variables have names all the same */
};

/* `base`: where it was loaded. NULL and *error. */
struct symbols *symbols_open(void *owner, const char *binary, uint64_t base,
                             struct symbols_runtime runtime, struct error *error);

/* The C files that its debug information names and that are there, without the runtime's. */
struct sources symbols_sources(const struct symbols *symbols);

/* The place of a call that returns to `pc`. Strings live as long as `symbols`. */
struct frame symbols_frame(struct symbols *symbols, uint64_t pc);

/* The function whose call returns to `pc`; NULL: unknown (called through a pointer). Lives as long
 * as `symbols`. */
const char *symbols_callee(struct symbols *symbols, uint64_t pc);

/* Adds the frames of a stack, given by its return addresses (0: none), innermost first; what is not
 * the program's own is left out. The array of frames is below `owner`. */
void symbols_stack(struct symbols *symbols, const uint64_t *pcs, size_t count,
                   struct location *location, void *owner);

/* "forks[2].lock": the variable, or its part, at that address; NULL: none that stays where it is.
 * Lives as long as `symbols`. */
const char *symbols_variable(struct symbols *symbols, uint64_t address);

/* For call_frame.h. */
Dwfl_Module *symbols_module(const struct symbols *symbols);

#endif
