/* SPDX-License-Identifier: MIT */
#include "symbols/units.h"

#include <elfutils/libdw.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/memory.h"
#include "symbols/source_file.h"

struct sources units_sources(void *owner, const char *binary) {
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
                               : source_file_of_unit(owner, &unit);
        if (file != NULL && access(file, F_OK) == 0) {
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
