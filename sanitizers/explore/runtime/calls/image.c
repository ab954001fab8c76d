/* SPDX-License-Identifier: MIT */
#include "explore/runtime/base.h"

#include "explore/runtime/calls/image.h"

enum { PAGE = 4096 };

static const char *last_part(const char *path) {
    const char *part = path;
    for (; *path != '\0'; path++)
        if (*path == '/')
            part = path + 1;
    return part;
}

static bool starts(const char *text, const char *with) {
    return memcmp(text, with, strlen(with)) == 0;
}

static enum home home_of(const char *path) {
    static const struct {
        const char *start;
        enum home home;
    } known[] = {
        {"libc.so", HOME_LIBRARY},     {"libpthread.so", HOME_LIBRARY},
        {"librt.so", HOME_LIBRARY},    {"libdl.so", HOME_LIBRARY},
        {"libutil.so", HOME_LIBRARY},  {"libanl.so", HOME_LIBRARY},
        {"ld-linux", HOME_LIBRARY},    {"libm.so", HOME_HARMLESS},
        {"libmvec.so", HOME_HARMLESS}, {"libgcc_s.so", HOME_HARMLESS},
        {"linux-vdso", HOME_LIBRARY},
    };
    if (*path == '\0')
        return HOME_PROGRAM;
    const char *name = last_part(path);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(name) >= strlen(known[i].start) && starts(name, known[i].start))
            return known[i].home;
    return HOME_OTHER;
}

static bool is_code(const struct dl_phdr_info *object, uintptr_t address) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0 && address >= start &&
            address < start + segment->p_memsz)
            return true;
    }
    return false;
}

struct question {
    uintptr_t address;
    enum home home;
};

static int ask(struct dl_phdr_info *object, size_t size, void *argument) {
    (void)size;
    struct question *question = argument;
    if (!is_code(object, question->address))
        return 0;
    question->home = home_of(object->dlpi_name);
    return 1;
}

enum home image_home(uintptr_t address) {
    struct question question = {address, HOME_NONE};
    if (address != 0)
        dl_iterate_phdr(ask, &question);
    return question.home;
}

static void fill(const struct dl_phdr_info *object, struct program_image *image) {
    *image = (struct program_image){.bias = object->dlpi_addr};
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        uintptr_t start = object->dlpi_addr + segment->p_vaddr;
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_X) != 0) {
            image->code = start;
            image->code_end = start + segment->p_memsz;
        }
        if (segment->p_type == PT_DYNAMIC)
            image->dynamic = (const ElfW(Dyn) *)start;
        if (segment->p_type == PT_GNU_RELRO) {
            image->relro = start & ~(uintptr_t)(PAGE - 1);
            image->relro_end = (start + segment->p_memsz) & ~(uintptr_t)(PAGE - 1);
        }
    }
}

struct search {
    const char *name; /* NULL: whatever comes first, which is the program */
    struct program_image *image;
};

static int meet(struct dl_phdr_info *object, size_t size, void *argument) {
    (void)size;
    const struct search *search = argument;
    if (search->name != NULL && strcmp(last_part(object->dlpi_name), search->name) != 0)
        return 0;
    fill(object, search->image);
    return 1;
}

void image_find(struct program_image *image) {
    struct search search = {NULL, image};
    dl_iterate_phdr(meet, &search);
}

bool image_find_library(const char *name, struct program_image *image) {
    struct search search = {name, image};
    return dl_iterate_phdr(meet, &search) != 0;
}

uint64_t image_value(const struct program_image *image, int64_t tag) {
    for (const ElfW(Dyn) *entry = image->dynamic; entry != NULL && entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == tag)
            return entry->d_un.d_val;
    return 0;
}

/* The loader writes the true addresses into the section, where it can write to it. */
uintptr_t image_address(const struct program_image *image, int64_t tag) {
    uint64_t value = image_value(image, tag);
    return value != 0 && value < image->bias ? value + image->bias : value;
}
