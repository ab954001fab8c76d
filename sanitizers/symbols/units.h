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

/* Was all of it compiled as C17 or an older C, as far as compilers note that (DW_AT_producer; clang with
 * -grecord-command-line)? What does not say so may be newer. */
bool units_before_c23(const char *binary);

/* Did clang compile any of it? */
bool units_by_clang(const char *binary);

#endif
