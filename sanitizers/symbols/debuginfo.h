/* SPDX-License-Identifier: MIT */
/* Where libdwfl looks for debug information that is not in the file itself. */
#ifndef HAZARD_SYMBOLS_DEBUGINFO_H
#define HAZARD_SYMBOLS_DEBUGINFO_H

#include <elfutils/libdwfl.h>

/* Two `find_debuginfo` of Dwfl_Callbacks. Neither asks a debuginfod server. */

/* Nowhere: lines come from the file itself or not at all. */
int debuginfo_none(Dwfl_Module *module, void **user_data, const char *module_name, Dwarf_Addr base,
                   const char *file_name, const char *debuglink_file, GElf_Word debuglink_crc,
                   char **debuginfo_file_name);

/* libdwfl's own search: beside the file, and below /usr/lib/debug. */
int debuginfo_on_disk(Dwfl_Module *module, void **user_data, const char *module_name,
                      Dwarf_Addr base, const char *file_name, const char *debuglink_file,
                      GElf_Word debuglink_crc, char **debuginfo_file_name);

#endif
