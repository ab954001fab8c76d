/* SPDX-License-Identifier: MIT */
#include "symbols/units.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

static const char *text_attribute(Dwarf_Die *die, unsigned name) {
    Dwarf_Attribute attribute;
    return dwarf_formstring(dwarf_attr(die, name, &attribute));
}

/* NULL if the unit has no name, or the file is not there. */
static const char *unit_file(void *owner, Dwarf_Die *unit) {
    const char *name = dwarf_diename(unit);
    const char *folder = text_attribute(unit, DW_AT_comp_dir);
    if (name == NULL)
        return NULL;
    char *joined = name[0] == '/' || folder == NULL ? talloc_strdup(owner, name)
                                                    : talloc_asprintf(owner, "%s/%s", folder, name);
    char resolved[PATH_MAX];
    return realpath(joined, resolved) != NULL ? talloc_strdup(owner, resolved) : NULL;
}

struct sources binary_sources(void *owner, const char *binary) {
    const char **paths = NULL;
    size_t count = 0;
    int fd = open(binary, O_RDONLY | O_CLOEXEC);
    Dwarf *dwarf = fd < 0 ? NULL : dwarf_begin(fd, DWARF_C_READ);
    Dwarf_Off offset = 0, next;
    size_t header_size;
    while (dwarf != NULL &&
           dwarf_nextcu(dwarf, offset, &next, &header_size, NULL, NULL, NULL) == 0) {
        Dwarf_Die unit;
        const char *file = dwarf_offdie(dwarf, offset + header_size, &unit) == NULL
                               ? NULL
                               : unit_file(owner, &unit);
        if (file != NULL) {
            paths = grow_array(owner, paths, const char *, count + 1);
            paths[count++] = file;
        }
        offset = next;
    }
    dwarf_end(dwarf);
    if (fd >= 0)
        close(fd);
    return (struct sources){paths, count};
}
