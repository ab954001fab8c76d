/* SPDX-License-Identifier: MIT */
#include "symbols/source_file.h"

#include <dwarf.h>
#include <limits.h>
#include <stdlib.h>

#include "base/memory.h"

const char *source_file_folder(Dwarf_Die *unit) {
    Dwarf_Attribute attribute;
    return dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
}

const char *source_file_of_unit(void *owner, Dwarf_Die *unit) {
    const char *name = dwarf_diename(unit);
    return name != NULL ? source_file_absolute(owner, source_file_folder(unit), name) : NULL;
}

const char *source_file_absolute(void *owner, const char *folder, const char *file) {
    char *joined = file[0] == '/' || folder == NULL ? talloc_strdup(owner, file)
                                                    : talloc_asprintf(owner, "%s/%s", folder, file);
    char resolved[PATH_MAX];
    return never_null(realpath(joined, resolved) != NULL ? talloc_strdup(owner, resolved) : joined);
}
