/* SPDX-License-Identifier: MIT */
#include "symbols/image.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

static uint64_t function_in(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, const char *name) {
    Elf_Data *data = elf_getdata(section, NULL);
    if (data == NULL || header->sh_entsize == 0)
        return 0;
    size_t count = header->sh_size / header->sh_entsize;
    for (size_t i = 0; i < count; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) == NULL || symbol.st_shndx == SHN_UNDEF ||
            GELF_ST_TYPE(symbol.st_info) != STT_FUNC)
            continue;
        const char *found = elf_strptr(elf, header->sh_link, symbol.st_name);
        if (found != NULL && strcmp(found, name) == 0)
            return symbol.st_value;
    }
    return 0;
}

static uint64_t value_of(Elf *elf, const char *name) {
    uint64_t value = 0;
    GElf_Shdr header;
    for (Elf_Scn *section = NULL; value == 0 && (section = elf_nextscn(elf, section)) != NULL;)
        if (gelf_getshdr(section, &header) != NULL &&
            (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM))
            value = function_in(elf, section, &header, name);
    return value;
}

uint64_t image_function(const char *path, uint64_t entry, const char *name) {
    elf_version(EV_CURRENT);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = fd < 0 ? NULL : elf_begin(fd, ELF_C_READ, NULL);
    GElf_Ehdr header;
    uint64_t value = 0;
    if (elf != NULL && gelf_getehdr(elf, &header) != NULL)
        value = value_of(elf, name);
    uint64_t address = value == 0 ? 0 : value - header.e_entry + entry;
    elf_end(elf);
    if (fd >= 0)
        close(fd);
    return address;
}
