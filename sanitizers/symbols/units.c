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

/* gcc begins with the language, clang can append its command line, whose last word on it holds. */
static bool producer_before_c23(const char *producer) {
    if (strncmp(producer, "GNU C", 5) == 0)
        return is_before_c23(producer + 4);
    const char *last = NULL;
    for (const char *at = producer; (at = strstr(at, " -std=")) != NULL; at++)
        last = at + strlen(" -std=");
    return last != NULL && is_before_c23(last);
}

static const char *producer_of(Dwarf_Die *unit) {
    Dwarf_Attribute attribute;
    return dwarf_formstring(dwarf_attr_integrate(unit, DW_AT_producer, &attribute));
}

/* Assembly, or of those that are not asked about. */
static bool is_left_out(Dwarf_Die *unit, const char *but) {
    const char *name = dwarf_diename(unit), *producer = producer_of(unit);
    bool assembler = producer != NULL && strncmp(producer, "GNU AS", 6) == 0;
    return assembler || (name != NULL && strstr(name, but) != NULL);
}

struct compiled {
    const char *but;
    int count, older, clang;
};

static bool count_unit(void *data, Dwarf_Die *unit) {
    struct compiled *compiled = data;
    const char *producer = producer_of(unit);
    if (is_left_out(unit, compiled->but))
        return true;
    compiled->count++;
    compiled->older += producer != NULL && producer_before_c23(producer);
    compiled->clang += producer != NULL && strstr(producer, "clang version") != NULL;
    return true;
}

struct units_compiled units_compiled(const char *binary, const char *but) {
    struct compiled compiled = {.but = but};
    each_unit(binary, count_unit, &compiled);
    return (struct units_compiled){
        .before_c23 = compiled.count > 0 && compiled.older == compiled.count,
        .by_clang = compiled.clang > 0,
    };
}

/* The last -O holds. */
static bool is_optimised(const char *producer) {
    const char *last = NULL;
    for (const char *at = producer; (at = strstr(at, " -O")) != NULL; at++)
        last = at + strlen(" -O");
    return last != NULL && *last != '0';
}

struct blur {
    const char *but, *prefix;
    bool any, blurred;
};

static bool is_inlined(Dwarf_Die *function) {
    Dwarf_Attribute attribute;
    Dwarf_Word inlined = DW_INL_not_inlined;
    dwarf_formudata(dwarf_attr(function, DW_AT_inline, &attribute), &inlined);
    return inlined == DW_INL_inlined || inlined == DW_INL_declared_inlined;
}

static bool look_for_blur(void *data, Dwarf_Die *unit) {
    struct blur *blur = data;
    Dwarf_Die child;
    const char *producer = producer_of(unit), *name;
    if (is_left_out(unit, blur->but))
        return true;
    blur->any = true;
    bool optimised = producer == NULL || is_optimised(producer);
    for (int end = dwarf_child(unit, &child); end == 0 && !blur->blurred;
         end = dwarf_siblingof(&child, &child)) {
        bool function = dwarf_tag(&child) == DW_TAG_subprogram &&
                        !dwarf_hasattr(&child, DW_AT_declaration) &&
                        (name = dwarf_diename(&child)) != NULL &&
                        strncmp(name, blur->prefix, strlen(blur->prefix)) == 0;
        blur->blurred |= function && (optimised || is_inlined(&child));
    }
    return !blur->blurred;
}

bool units_blur(const char *binary, const char *but, const char *prefix) {
    struct blur blur = {.but = but, .prefix = prefix};
    each_unit(binary, look_for_blur, &blur);
    return blur.blurred || !blur.any;
}
