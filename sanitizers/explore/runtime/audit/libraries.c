/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include <link.h>
#include <sys/auxv.h>

#include "explore/runtime/audit/libraries.h"
#include "explore/runtime/calls/image.h"

enum { RANGES = 256 };

static struct loaded_range {
    uintptr_t start, end;
    const char *file; /* of code: as libraries_name() answers */
} data[RANGES], code[RANGES], loader, program;
static int data_count, code_count;

static int add(struct dl_phdr_info *object, size_t size, void *argument) {
    (void)size;
    bool *first = argument;
    bool is_program = *first, is_loader = object->dlpi_addr == getauxval(AT_BASE);
    *first = false;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        const uintptr_t start = object->dlpi_addr + segment->p_vaddr;
        const struct loaded_range range = {start, start + segment->p_memsz, object->dlpi_name};
        if (segment->p_type != PT_LOAD)
            continue;
        if ((segment->p_flags & PF_X) != 0 && is_loader)
            loader = range;
        if ((segment->p_flags & PF_X) != 0 && !is_program && code_count < RANGES)
            code[code_count++] = range;
        if ((segment->p_flags & PF_W) != 0 && is_program)
            program = range;
        else if ((segment->p_flags & PF_W) != 0 && data_count < RANGES)
            data[data_count++] = range;
    }
    return 0;
}

static const char *last_part(const char *path) {
    const char *part = path;
    for (; *path != '\0'; path++)
        if (*path == '/')
            part = path + 1;
    return part;
}

void libraries_find(void) {
    bool first = true;
    data_count = code_count = 0;
    dl_iterate_phdr(add, &first);
    for (int i = 0; i < code_count; i++)
        code[i].file = image_home(code[i].start) == HOME_OTHER ? last_part(code[i].file) : NULL;
}

static bool has(const struct loaded_range *ranges, int count, uintptr_t address) {
    for (int i = 0; i < count; i++)
        if (address >= ranges[i].start && address < ranges[i].end)
            return true;
    return false;
}

bool libraries_own(uintptr_t address) {
    return has(data, data_count, address);
}

bool libraries_is_program_data(uintptr_t address) {
    return address >= program.start && address < program.end;
}

bool libraries_has_code(uintptr_t address) {
    return has(code, code_count, address);
}

const char *libraries_name(uintptr_t address) {
    for (int i = 0; i < code_count; i++) {
        if (address >= code[i].start && address < code[i].end)
            return code[i].file;
    }
    return NULL;
}

bool libraries_is_loader(uintptr_t pc) {
    return pc >= loader.start && pc < loader.end;
}
