/* SPDX-License-Identifier: MIT */
#include "symbols/units.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "symbols/source_file.h"

/* Calls `each` for the units of the binary, until it answers false. */
static void each_unit(const char *binary, bool (*each)(void *data, Dwarf_Die *unit), void *data) {
    int fd = open(binary, O_RDONLY | O_CLOEXEC);
    Dwarf *dwarf = fd < 0 ? NULL : dwarf_begin(fd, DWARF_C_READ);
    Dwarf_Off offset = 0, next;
    size_t header_size;
    bool more = dwarf != NULL;
    while (more && dwarf_nextcu(dwarf, offset, &next, &header_size, NULL, NULL, NULL) == 0) {
        Dwarf_Die unit;
        if (dwarf_offdie(dwarf, offset + header_size, &unit) != NULL)
            more = each(data, &unit);
        offset = next;
    }
    dwarf_end(dwarf);
    if (fd >= 0)
        close(fd);
}

struct found_sources {
    void *owner;
    const char **paths;
    size_t count;
};

static bool add_source(void *data, Dwarf_Die *unit) {
    struct found_sources *found = data;
    const char *file = source_file_of_unit(found->owner, unit);
    if (file == NULL || access(file, F_OK) != 0)
        return true;
    found->paths = grow_array(found->owner, found->paths, const char *, found->count + 1);
    found->paths[found->count++] = file;
    return true;
}

struct sources units_sources(void *owner, const char *binary) {
    struct found_sources found = {.owner = owner};
    each_unit(binary, add_source, &found);
    return (struct sources){found.paths, found.count};
}

/* "gnu17", "c2x", "iso9899:2018": standards have been called after years since 1999, and those before
 * C23 after 99, 11, 17 and 18. */
static bool is_before_c23(const char *standard) {
    if (strncmp(standard, "iso9899:", 8) == 0)
        return strtol(standard + 8, NULL, 10) <= 2018;
    standard += strcspn(standard, "0123456789 ");
    return *standard >= '0' && *standard <= '9' && *standard != '2';
}

static const char *producer_of(Dwarf_Die *unit) {
    Dwarf_Attribute attribute;
    return dwarf_formstring(dwarf_attr_integrate(unit, DW_AT_producer, &attribute));
}

/* gcc begins with the language, clang can append its command line, whose last word on it holds. */
static bool unit_before_c23(void *data, Dwarf_Die *unit) {
    bool *all = data;
    Dwarf_Attribute attribute;
    const char *producer = dwarf_formstring(dwarf_attr_integrate(unit, DW_AT_producer, &attribute));
    if (producer == NULL)
        *all = false;
    else if (strncmp(producer, "GNU C", 5) == 0)
        *all = is_before_c23(producer + 4);
    else if (strncmp(producer, "GNU AS", 6) != 0) {
        const char *last = NULL;
        for (const char *at = producer; (at = strstr(at, " -std=")) != NULL; at++)
            last = at + strlen(" -std=");
        *all = last != NULL && is_before_c23(last);
    }
    return *all;
}

bool units_before_c23(const char *binary) {
    bool all = true;
    each_unit(binary, unit_before_c23, &all);
    return all;
}

static bool unit_by_clang(void *data, Dwarf_Die *unit) {
    bool *any = data;
    const char *producer = producer_of(unit);
    *any = producer != NULL && strstr(producer, "clang version") != NULL;
    return !*any;
}

bool units_by_clang(const char *binary) {
    bool any = false;
    each_unit(binary, unit_by_clang, &any);
    return any;
}
