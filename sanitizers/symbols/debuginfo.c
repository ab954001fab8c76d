/* SPDX-License-Identifier: MIT */
#include "symbols/debuginfo.h"

#include <stdlib.h>
#include <talloc.h>

int debuginfo_none(Dwfl_Module *module, void **user_data, const char *module_name, Dwarf_Addr base,
                   const char *file_name, const char *debuglink_file, GElf_Word debuglink_crc,
                   char **debuginfo_file_name) {
    (void)module, (void)user_data, (void)module_name, (void)base, (void)file_name;
    (void)debuglink_file, (void)debuglink_crc, (void)debuginfo_file_name;
    return -1;
}

int debuginfo_on_disk(Dwfl_Module *module, void **user_data, const char *module_name,
                      Dwarf_Addr base, const char *file_name, const char *debuglink_file,
                      GElf_Word debuglink_crc, char **debuginfo_file_name) {
    static const char variable[] = "DEBUGINFOD_URLS";
    const char *servers = getenv(variable);
    char *kept = servers != NULL ? talloc_strdup(NULL, servers) : NULL;
    unsetenv(variable);
    int fd = dwfl_standard_find_debuginfo(module, user_data, module_name, base, file_name,
                                          debuglink_file, debuglink_crc, debuginfo_file_name);
    if (kept != NULL)
        setenv(variable, kept, 1);
    talloc_free(kept);
    return fd;
}
