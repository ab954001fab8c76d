/* SPDX-License-Identifier: MIT */
/*
 * Lines of source of the program itself.
 *
 * A table of the ranges of its compilation units is made once: clang writes none unless asked, and
 * libdw alone would then find no line.
 */
#ifndef HAZARD_SYMBOLS_LINE_TABLE_H
#define HAZARD_SYMBOLS_LINE_TABLE_H

#include <elfutils/libdwfl.h>
#include <stdbool.h>
#include <stdint.h>

#include "report/frame.h"

struct line_table;

/* Below `owner`; a program without debug information has no lines. */
struct line_table *line_table_read(void *owner, Dwfl_Module *module);

/* Is there debug information at all? */
bool line_table_any(const struct line_table *lines);

/* Is the address in a unit of the program's own sources: of those that are there to be read, or of
 * any if none is? */
bool line_table_cover(const struct line_table *lines, uint64_t address);

/* The absolute file and the line, or NULL. Lives as long as `lines`. */
const char *line_table_at(struct line_table *lines, uint64_t address, int *line);

struct sources line_table_sources(const struct line_table *lines);

#endif
