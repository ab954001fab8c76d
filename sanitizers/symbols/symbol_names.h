/* SPDX-License-Identifier: MIT */
/*
 * The functions of one file, by address and by name.
 *
 * A function often has several names at one address (puts, _IO_puts; fork, __fork, __libc_fork).
 * The one that people know is kept first: without leading underscores, then global before local,
 * then the shorter one.
 */
#ifndef HAZARD_SYMBOLS_SYMBOL_NAMES_H
#define HAZARD_SYMBOLS_SYMBOL_NAMES_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdint.h>

struct symbol_name {
    const char *text; /* without a version */
    uint64_t address, size;
    bool local;
};

struct symbol_names {
    struct symbol_name *items; /* by address; at one address, the known one first */
    size_t count;
};

/* All functions that the file's symbol tables name (the full one, wherever it is, else that of the
 * dynamic linker). Below `owner`. */
struct symbol_names symbol_names_read(void *owner, Dwfl_Module *module);

/* The function that `address` lies in; NULL if none is known to. */
const struct symbol_name *symbol_names_at(const struct symbol_names *names, uint64_t address);

/* The known name of the function that has this one; NULL if there is no such function. */
const struct symbol_name *symbol_names_find(const struct symbol_names *names, const char *text);

#endif
