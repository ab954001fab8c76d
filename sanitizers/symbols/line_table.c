/* SPDX-License-Identifier: MIT */
#include "symbols/line_table.h"

#include <elfutils/libdw.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "symbols/source_file.h"

struct line_range {
    uint64_t from, to;
    Dwarf_Die unit;
    bool there; /* its source can be read */
};

struct line_table {
    Dwarf_Addr bias;
    struct line_range *ranges;
    size_t count;
    struct sources sources;
};

static bool add_source(struct line_table *lines, Dwarf_Die *unit) {
    const char *file = source_file_of_unit(lines, unit);
    if (file == NULL || access(file, R_OK) != 0)
        return false;
    const char **paths = new_array(lines, const char *, lines->sources.count + 1);
    for (size_t i = 0; i < lines->sources.count; i++)
        paths[i] = lines->sources.paths[i];
    paths[lines->sources.count++] = file;
    lines->sources.paths = paths;
    return true;
}

static void add_ranges(struct line_table *lines, Dwarf_Die *unit) {
    Dwarf_Addr base, from, to;
    bool there = add_source(lines, unit);
    for (ptrdiff_t at = 0; (at = dwarf_ranges(unit, at, &base, &from, &to)) > 0;) {
        lines->ranges = grow_array(lines, lines->ranges, struct line_range, lines->count + 1);
        lines->ranges[lines->count++] =
            (struct line_range){from + lines->bias, to + lines->bias, *unit, there};
    }
}

static int compare(const void *a, const void *b) {
    const struct line_range *one = a, *other = b;
    return one->from < other->from ? -1 : one->from > other->from;
}

struct line_table *line_table_read(void *owner, Dwfl_Module *module) {
    struct line_table *lines = new_array(owner, struct line_table, 1);
    for (Dwarf_Die *unit = NULL;
         module != NULL && (unit = dwfl_module_nextcu(module, unit, &lines->bias)) != NULL;)
        add_ranges(lines, unit);
    if (lines->count > 0)
        qsort(lines->ranges, lines->count, sizeof *lines->ranges, compare);
    return lines;
}

static struct line_range *range_at(const struct line_table *lines, uint64_t address) {
    size_t low = 0, high = lines->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (lines->ranges[middle].from <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 && address < lines->ranges[low - 1].to ? &lines->ranges[low - 1] : NULL;
}

bool line_table_any(const struct line_table *lines) {
    return lines->count > 0;
}

bool line_table_cover(const struct line_table *lines, uint64_t address) {
    const struct line_range *range = range_at(lines, address);
    return range != NULL && (range->there || lines->sources.count == 0);
}

const char *line_table_at(struct line_table *lines, uint64_t address, int *line) {
    struct line_range *range = range_at(lines, address);
    Dwarf_Line *found =
        range != NULL ? dwarf_getsrc_die(&range->unit, address - lines->bias) : NULL;
    const char *file = found != NULL ? dwarf_linesrc(found, NULL, NULL) : NULL;
    if (file == NULL || dwarf_lineno(found, line) != 0)
        return NULL;
    return source_file_absolute(lines, source_file_folder(&range->unit), file);
}

struct sources line_table_sources(const struct line_table *lines) {
    return lines->sources;
}
