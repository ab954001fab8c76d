/* SPDX-License-Identifier: MIT */
#include "symbols/relocatable.h"

#include <fcntl.h>
#include <gelf.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "symbols/thin_archive.h"

static bool table_names(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, const char *wanted) {
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = data != NULL && header->sh_entsize > 0 ? data->d_size / header->sh_entsize : 0;
    for (size_t i = 0; i < count; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) == NULL)
            continue;
        const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
        if (name != NULL && strcmp(name, wanted) == 0)
            return true;
    }
    return false;
}

/* True for what is no relocatable object, too. */
static bool object_names(Elf *elf, const char *symbol) {
    GElf_Ehdr file;
    if (elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, &file) == NULL || file.e_type != ET_REL)
        return true;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_SYMTAB &&
            table_names(elf, section, &header, symbol))
            return true;
    }
    return false;
}

static bool archive_names(void *owner, int fd, Elf *archive, const char *symbol,
                          const char **member) {
    bool all = true;
    Elf_Cmd command = ELF_C_READ;
    for (Elf *elf; all && (elf = elf_begin(fd, command, archive)) != NULL;) {
        const Elf_Arhdr *header = elf_getarhdr(elf);
        all = object_names(elf, symbol);
        if (!all)
            *member = never_null(talloc_strdup(owner, header != NULL ? header->ar_name : "?"));
        command = elf_next(elf);
        elf_end(elf);
    }
    return all;
}

static bool file_names(void *owner, const char *file, const char *symbol, const char **member) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    bool all = true;
    *member = NULL;
    if (fd < 0)
        return true;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    if (elf != NULL)
        all = elf_kind(elf) == ELF_K_AR ? archive_names(owner, fd, elf, symbol, member)
                                        : object_names(elf, symbol);
    elf_end(elf);
    close(fd);
    return all;
}

bool relocatable_names(void *owner, const char *file, const char *symbol, const char **member) {
    const char *const *thin = thin_archive_members(owner, file), *inner;
    if (thin == NULL)
        return file_names(owner, file, symbol, member);
    for (*member = NULL; *thin != NULL; thin++)
        if (!file_names(owner, *thin, symbol, &inner)) {
            *member = *thin;
            return false;
        }
    return true;
}

bool relocatable_is(const char *file) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    GElf_Ehdr header;
    elf_version(EV_CURRENT);
    Elf *elf = fd >= 0 ? elf_begin(fd, ELF_C_READ, NULL) : NULL;
    void *scratch = new_owner();
    bool result = elf != NULL && (elf_kind(elf) == ELF_K_AR ||
                                  (elf_kind(elf) == ELF_K_ELF &&
                                   gelf_getehdr(elf, &header) != NULL && header.e_type == ET_REL));
    result = result || thin_archive_members(scratch, file) != NULL;
    talloc_free(scratch);
    elf_end(elf);
    if (fd >= 0)
        close(fd);
    return result;
}
