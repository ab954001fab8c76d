/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "explore/runtime/audit/functions.h"
#include "explore/runtime/lasting.h"
#include "explore/runtime/system_call.h"

extern char __start_hazard_text[], __stop_hazard_text[];

struct file {
    const char *start;
    size_t size;
};

static bool map(struct file *file) {
    struct stat status;
    long fd = system_call(SYS_open, (long)"/proc/self/exe", O_RDONLY | O_CLOEXEC, 0, 0, 0, 0);
    if (fd < 0)
        return false;
    long address = -1;
    if (system_call(SYS_fstat, fd, (long)&status, 0, 0, 0, 0) == 0)
        address = system_call(SYS_mmap, 0, status.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    system_call(SYS_close, fd, 0, 0, 0, 0, 0);
    file->start = (const char *)address;
    file->size = (size_t)status.st_size;
    return address > 0;
}

static const Elf64_Shdr *symbol_table(const struct file *file) {
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)file->start;
    if (header->e_shoff + (uint64_t)header->e_shnum * sizeof(Elf64_Shdr) > file->size)
        return NULL;
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(const void *)(file->start + header->e_shoff);
    for (int i = 0; i < header->e_shnum; i++)
        if (sections[i].sh_type == SHT_SYMTAB &&
            sections[i].sh_offset + sections[i].sh_size <= file->size)
            return &sections[i];
    return NULL;
}

bool functions_is_ours(uintptr_t address) {
    return address >= (uintptr_t)__start_hazard_text && address < (uintptr_t)__stop_hazard_text;
}

static bool starts(const char *name, const char *with) {
    return memcmp(name, with, strlen(with)) == 0;
}

/* The atomic ones do what they announce themselves. */
static bool is_hook(const char *name) {
    static const char *const families[] = {"__tsan_read", "__tsan_write", "__tsan_unaligned_",
                                           "__tsan_volatile_"};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
        if (starts(name, families[i]))
            return true;
    return false;
}

static bool is_atomic_load(const char *name) {
    return starts(name, "__tsan_atomic") && strstr(name, "_load") != NULL;
}

static void collect(const struct file *file, const Elf64_Shdr *table, const char *names,
                    uintptr_t bias, struct functions *functions) {
    const Elf64_Sym *symbols = (const Elf64_Sym *)(const void *)(file->start + table->sh_offset);
    for (size_t i = 0; i < table->sh_size / sizeof *symbols; i++) {
        uintptr_t start = symbols[i].st_value + bias;
        if (ELF64_ST_TYPE(symbols[i].st_info) != STT_FUNC || symbols[i].st_shndx == SHN_UNDEF)
            continue;
        if (functions_is_ours(start) && is_hook(names + symbols[i].st_name))
            functions->hooks[functions->hook_count++] = start;
        if (functions_is_ours(start) && is_atomic_load(names + symbols[i].st_name))
            functions->loads[functions->load_count++] = start;
        if (!functions_is_ours(start) && symbols[i].st_size > 0)
            functions->own[functions->count++] =
                (struct function){start, start + symbols[i].st_size};
    }
}

static bool is_named(const char *name, const char *prefix) {
    return starts(name, prefix) && strcmp(name, "__VERIFIER_atomic_begin") != 0 &&
           strcmp(name, "__VERIFIER_atomic_end") != 0;
}

int functions_named(uintptr_t bias, const char *prefix, struct function **named) {
    struct file file;
    int count = 0;
    const Elf64_Shdr *table = map(&file) ? symbol_table(&file) : NULL;
    if (table == NULL)
        return 0;
    const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)file.start;
    const Elf64_Shdr *sections = (const Elf64_Shdr *)(const void *)(file.start + header->e_shoff);
    const char *names = file.start + sections[table->sh_link].sh_offset;
    const Elf64_Sym *symbols = (const Elf64_Sym *)(const void *)(file.start + table->sh_offset);
    size_t most = table->sh_size / sizeof *symbols;
    *named = lasting_new(most * sizeof **named);
    for (size_t i = 0; i < most; i++) {
        uintptr_t start = symbols[i].st_value + bias;
        if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC && symbols[i].st_shndx != SHN_UNDEF &&
            !functions_is_ours(start) && is_named(names + symbols[i].st_name, prefix))
            (*named)[count++] = (struct function){start, start + symbols[i].st_size};
    }
    system_call(SYS_munmap, (long)file.start, (long)file.size, 0, 0, 0, 0);
    return count;
}

bool functions_read(uintptr_t bias, struct functions *functions) {
    struct file file;
    if (!map(&file))
        return false;
    const Elf64_Shdr *table = symbol_table(&file);
    if (table != NULL) {
        const Elf64_Ehdr *header = (const Elf64_Ehdr *)(const void *)file.start;
        const Elf64_Shdr *sections =
            (const Elf64_Shdr *)(const void *)(file.start + header->e_shoff);
        size_t symbols = table->sh_size / sizeof(Elf64_Sym);
        *functions = (struct functions){.own = lasting_new(symbols * sizeof *functions->own),
                                        .hooks = lasting_new(symbols * sizeof *functions->hooks),
                                        .loads = lasting_new(symbols * sizeof *functions->loads)};
        collect(&file, table, file.start + sections[table->sh_link].sh_offset, bias, functions);
    }
    system_call(SYS_munmap, (long)file.start, (long)file.size, 0, 0, 0, 0);
    return table != NULL;
}
