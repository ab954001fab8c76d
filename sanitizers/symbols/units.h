/* SPDX-License-Identifier: MIT */
#ifndef HAZARD_SYMBOLS_UNITS_H
#define HAZARD_SYMBOLS_UNITS_H

#include <stdbool.h>

#include "report/frame.h"

/*
 * The C files that a binary was built from, as its debug information names them and as far as they
 * are there. None without debug information. Below `owner`.
 */
struct sources units_sources(void *owner, const char *binary);

/* What compilers note of the units (DW_AT_producer; clang's command line with -grecord-command-line) whose
 * file has no part `but` in its path. Without any, neither is known to be so. */
struct units_compiled {
    bool before_c23; /* all as C17 or an older C */
    bool by_clang;   /* some */
};
struct units_compiled units_compiled(const char *binary, const char *but);

/* May the compiler have inlined a function whose name begins so, or merged it with another? Not with -O0, unless the
 * function asks for it. True also of who knows nothing: without debug information. */
bool units_blur(const char *binary, const char *but, const char *prefix);

#endif
