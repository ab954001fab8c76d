/* SPDX-License-Identifier: MIT */
#include "symbols/section.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

static char *find(void *owner, Elf *elf, const char *name, size_t *size) {
    size_t names;
    if (elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &names) != 0)
        return NULL;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        const char *called =
            gelf_getshdr(section, &header) != NULL ? elf_strptr(elf, names, header.sh_name) : NULL;
        const Elf_Data *data =
            called != NULL && strcmp(called, name) == 0 ? elf_rawdata(section, NULL) : NULL;
        if (data == NULL || data->d_buf == NULL)
            continue;
        *size = data->d_size;
        return memcpy(new_array(owner, char, *size + 1), data->d_buf, *size);
    }
    return NULL;
}

static Elf *open_file(const char *file, int *fd) {
    *fd = open(file, O_RDONLY | O_CLOEXEC);
    elf_version(EV_CURRENT);
    return *fd >= 0 ? elf_begin(*fd, ELF_C_READ, NULL) : NULL;
}

static void close_file(Elf *elf, int fd) {
    elf_end(elf);
    if (fd >= 0)
        close(fd);
}

char *section_read(void *owner, const char *file, const char *name, size_t *size) {
    int fd;
    Elf *elf = open_file(file, &fd);
    char *bytes = elf != NULL ? find(owner, elf, name, size) : NULL;
    close_file(elf, fd);
    return bytes;
}

bool section_is_static(const char *file) {
    int fd;
    Elf *elf = open_file(file, &fd);
    size_t count = 0;
    GElf_Phdr header;
    bool program = elf != NULL && elf_kind(elf) == ELF_K_ELF && elf_getphdrnum(elf, &count) == 0 &&
                   count > 0,
         interpreted = false;
    for (size_t i = 0; program && i < count; i++)
        interpreted = interpreted ||
                      (gelf_getphdr(elf, (int)i, &header) != NULL && header.p_type == PT_INTERP);
    close_file(elf, fd);
    return program && !interpreted;
}
