/* SPDX-License-Identifier: MIT */
/*
 * Every object that was compiled with -fsanitize=thread calls __tsan_init before main, whatever is
 * in it: both compilers see to that. So an object that does not know that name has no hooks.
 */
#include "hazard/commands/hooks.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static bool names_init(Elf *elf, Elf_Scn *section, const GElf_Shdr *header) {
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = data != NULL && header->sh_entsize > 0 ? data->d_size / header->sh_entsize : 0;
    for (size_t i = 0; i < count; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) == NULL)
            continue;
        const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
        if (name != NULL && strcmp(name, "__tsan_init") == 0)
            return true;
    }
    return false;
}

/* True for what is no relocatable object, too. */
static bool has_hooks(Elf *elf) {
    GElf_Ehdr file;
    if (elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, &file) == NULL || file.e_type != ET_REL)
        return true;
    for (Elf_Scn *section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) != NULL && header.sh_type == SHT_SYMTAB &&
            names_init(elf, section, &header))
            return true;
    }
    return false;
}

static const char advice[] = "was not compiled by `hazard cc`: explore could not see what it does";

static int check_archive(int fd, Elf *archive, const char *file, struct error *error) {
    int result = 0;
    Elf_Cmd command = ELF_C_READ;
    for (Elf *member; result == 0 && (member = elf_begin(fd, command, archive)) != NULL;) {
        const Elf_Arhdr *header = elf_getarhdr(member);
        if (!has_hooks(member))
            result = fail(error, "%s(%s) %s", file, header != NULL ? header->ar_name : "?", advice);
        command = elf_next(member);
        elf_end(member);
    }
    return result;
}

int hooks_check(const char *file, struct error *error) {
    int fd = open(file, O_RDONLY | O_CLOEXEC), result = 0;
    if (fd < 0)
        return 0; /* the linker will say so */
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
    if (elf != NULL && elf_kind(elf) == ELF_K_AR)
        result = check_archive(fd, elf, file, error);
    else if (elf != NULL && !has_hooks(elf))
        result = fail(error, "%s %s", file, advice);
    elf_end(elf);
    close(fd);
    return result;
}
